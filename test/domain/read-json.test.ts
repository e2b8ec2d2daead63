import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../shared/domain/read-json.ts';

const read = (text: string) => readJson(Buffer.from(text));

describe('readJson', () => {
  it('reads what JSON.parse reads, for anything that numbers can hold', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
      { seed: 3 },
    );
  });

  it.each([
    ['6756839000000575405', '6756839000000575405'],
    ['[1, -6756839000000575405]', [1, '-6756839000000575405']],
    [
      '{"a":"say \\"7: 6756839000000575405\\"","b":6756839000000575405}',
      { a: 'say "7: 6756839000000575405"', b: '6756839000000575405' },
    ],
    ['{"a":9007199254740991,"b":9007199254740992}', { a: 9007199254740991, b: '9007199254740992' }],
    [
      '{"a": 1234567890123456789.5, "b": 1234567890123456789e2}',
      { a: 1234567890123456789.5, b: 1234567890123456789e2 },
    ],
  ])('keeps every digit of %s', (text, value) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  it('refuses 65 levels and takes 64', () => {
    const nested = (levels: number): string => `${'{"a":['.repeat(levels / 2)}1${']}'.repeat(levels / 2)}`;
    expect(read(nested(64)).ok).toBe(true);
    expect(read(`[${nested(64)}]`)).toEqual({ ok: false, reason: 'the body is nested more than 64 deep' });
    expect(read('['.repeat(200_000)).ok).toBe(false);
    expect(read(`${'['.repeat(100_000)}${']'.repeat(100_000)}`).ok).toBe(false);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof readJson(bytes).ok).toBe('boolean');
      }),
      { seed: 4 },
    );
  });

  it('is not slowed down by long strings and long numbers', () => {
    const text = JSON.stringify({ a: '\\"'.repeat(60_000), b: ':1234567890123456'.repeat(4_000) });
    expect(read(`[${text},${'1'.repeat(100_000)}]`)).toMatchObject({ ok: true });
  });
});
