import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderedKeys } from '#shared/domain/ordered-keys.ts';
import { seeded } from '../bench/grading-model.ts';

const anyKey = fc.constantFrom('', 'a', 'aa', 'ab', 'b', 'c', 'ca', 'd', 'e~', 'f');

describe('ordered keys', () => {
  it('hold what was added and not removed, in order', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.boolean(),
            anyKey.filter((key) => key !== ''),
          ),
        ),
        (steps) => {
          const keys = orderedKeys();
          const expected = new Set<string>();
          for (const [adds, key] of steps) {
            expect(adds ? keys.add(key) : keys.remove(key)).toBe(adds !== expected.has(key));
            if (adds) expected.add(key);
            else expected.delete(key);
          }
          expect(keys.size).toBe(expected.size);
          expect(keys.read({ limit: 99 })).toEqual([...expected].sort());
        },
      ),
    );
  });

  it('are read between two keys, from either end, up to a limit', () => {
    const all = ['a', 'aa', 'b', 'c', 'd'];
    fc.assert(
      fc.property(anyKey, anyKey, fc.boolean(), fc.integer({ min: 0, max: 6 }), (after, upTo, backwards, limit) => {
        const between = all.filter((key) => key > after && key <= upTo);
        const expected = (backwards ? between.reverse() : between).slice(0, limit);
        expect(orderedKeys(all).read({ after, upTo, backwards, limit })).toEqual(expected);
      }),
    );
  });

  it('stay in order over many blocks that split and merge, and know the place of each', () => {
    const random = seeded(5);
    const keys = orderedKeys();
    const all = new Set<string>();
    const someKey = (): string => String(Math.floor(random() * 6_000)).padStart(4, '0');
    // grows, then shrinks to little, then grows again
    for (const share of [0.9, 0.1, 0.02, 0.8])
      for (let step = 0; step < 8_000; step += 1) {
        const key = someKey();
        if (random() < share) expect(keys.add(key)).toBe(all.size !== all.add(key).size);
        else expect(keys.remove(key)).toBe(all.delete(key));
      }
    const sorted = [...all].sort();
    expect(keys.size).toBe(sorted.length);
    expect(keys.read({ limit: 9_999 })).toEqual(sorted);
    expect(keys.read({ limit: 9_999, backwards: true })).toEqual(sorted.toReversed());
    for (const [place, key] of sorted.entries()) {
      expect(keys.at(place)).toBe(key);
      expect(keys.countUpTo(key)).toBe(place + 1);
      expect(keys.countUpTo(`${key}~`)).toBe(place + 1);
    }
    expect(keys.at(sorted.length)).toBeUndefined();
    expect(keys.countUpTo('')).toBe(0);
  });

  it('begin with many at once', () => {
    const sorted = Array.from({ length: 5_000 }, (_, index) => String(index).padStart(4, '0'));
    const keys = orderedKeys(sorted);
    expect(keys.read({ limit: 9_999 })).toEqual(sorted);
    expect([keys.size, keys.at(4_321), keys.countUpTo('0999')]).toEqual([5_000, '4321', 1_000]);
  });
});
