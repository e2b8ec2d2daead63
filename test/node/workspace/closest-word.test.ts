import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestWord, editDistance } from '../../../infra/node/workspace/closest-word.ts';

describe('closestWord', () => {
  it.each([
    ['signatur', 'signature'],
    ['conections', 'connections'],
    ['Vendor', 'vendor'],
    ['chanels', 'channels'],
    ['lisetn', 'listen'],
  ])('takes %s for %s', (word, meant) => {
    expect(closestWord(word, ['signature', 'connections', 'vendor', 'channels', 'listen'])).toBe(meant);
  });

  it('guesses nothing when nothing is near', () => {
    expect(closestWord('zzz', ['host', 'port'])).toBeUndefined();
    expect(closestWord('anything', [])).toBeUndefined();
  });
});

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['same', 'same', 0],
  ])('between %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, 0 only for equal words, and never more than the longer one', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(editDistance(b, a)).toBe(distance);
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
