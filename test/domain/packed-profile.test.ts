import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handedKey } from '#shared/domain/handed-records.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { unpackProfile } from '#shared/domain/packed-profile.ts';
import { packRecords } from '#shared/domain/packed-records.ts';
import { profileOf, type RecordState, type Records, shortKey } from '#shared/domain/profile.ts';

const other = CustomerId.parse('account:crm:other');

/** Few instants and few keys, so that sources and facts tie. */
const anyRecord: fc.Arbitrary<RecordState> = fc.record({
  version: fc.record({ assignment: fc.constantFrom(1, 1, 3), source: fc.integer({ min: 1, max: 6 }), read: fc.nat(9) }),
  retracted: fc.boolean(),
  attributes: fc.dictionary(fc.constantFrom('name', 'region', '__proto__'), fc.nat(5), {
    maxKeys: 2,
    noNullPrototype: true,
  }),
  facts: fc.array(
    fc
      .tuple(
        fc.constantFrom('invoice.paid', 'deal.won'),
        fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10_000 })),
        fc.nat(300),
      )
      .map(([type, at, units]) => ({ type, at, amount: { units, scale: 2, currency: 'CNY' } })),
    { maxLength: 3 },
  ),
});
const anyKey = fc.oneof(
  fc.constantFrom('a', 'b', 'c'),
  fc.nat(20).map((number) => shortKey(`a long key of a record ${number}`)),
);
const recordsOf = (entries: readonly (readonly [string, RecordState])[]): Records => new Map(entries);

describe('unpackProfile', () => {
  it('comes to the profile that the records come to', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, anyRecord), { maxLength: 12 }), (entries) => {
        const records = recordsOf(entries);
        expect(unpackProfile(packRecords(records))).toEqual(profileOf(records));
      }),
      { numRuns: 500 },
    );
  });

  it('does so too where another customer handed some of them over', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyKey, anyRecord, fc.boolean()), { maxLength: 8 }), (entries) => {
        const records = recordsOf(
          entries.map(([key, record, handed]) =>
            handed ? [handedKey(key, other), { ...record, from: other }] : [key, record],
          ),
        );
        expect(unpackProfile(packRecords(records))).toEqual(profileOf(records));
      }),
    );
  });

  it('refuses what was cut short', () => {
    const bytes = packRecords(
      recordsOf([
        [
          'a',
          { version: { assignment: 1, source: 1, read: 1 }, retracted: false, attributes: { name: 'x' }, facts: [] },
        ],
      ]),
    );
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => unpackProfile(bytes.slice(0, length))).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }));
    expect(() => unpackProfile(Uint8Array.from([...bytes, 0]))).toThrow('more follows');
  });
});
