import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionId } from '#shared/domain/ids.ts';
import { compareVersions, RecordRef, RecordVersion, recordKeyOf } from '#shared/domain/record.ts';

const version = (assignment: number, source: number, read: number): RecordVersion => ({ assignment, source, read });
const anyVersion = fc.record({
  assignment: fc.nat(2),
  source: fc.integer({ min: -2, max: 2 }),
  read: fc.integer({ min: -2, max: 2 }),
});

describe('compareVersions', () => {
  it.each([
    ['the assignment decides first', version(2, 0, 0), version(1, 9, 9)],
    ['then the source’s instant', version(1, 2, 0), version(1, 1, 9)],
    ['then the later read', version(1, 1, 2), version(1, 1, 1)],
  ])('%s', (_, newer, older) => {
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, { ...newer })).toBe(0);
  });

  it('is a total order', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0);
        if (compareVersions(a, b) === 0) expect(a).toEqual(b);
      }),
    );
  });
});

describe('a record', () => {
  it('is named by connection, object and id', () => {
    expect(recordKeyOf({ connection: ConnectionId.parse('zoho-eu'), object: 'Invoices', id: '5/7' })).toBe(
      'zoho-eu/Invoices/5/7',
    );
  });

  it('has an id of 1 to 128 characters', () => {
    const of = (id: string): boolean => RecordRef.safeParse({ connection: 'shop', object: 'x', id }).success;
    expect(['', 'x'.repeat(129)].map(of)).toEqual([false, false]);
    expect(['x', 'x'.repeat(128)].map(of)).toEqual([true, true]);
  });

  it('has instants between the years 1 and 9999', () => {
    const of = (source: number): boolean => RecordVersion.safeParse(version(0, source, 0)).success;
    expect([-62_135_596_800_000, 253_402_300_799_999].map(of)).toEqual([true, true]);
    expect([-62_135_596_800_001, 253_402_300_800_000, 8.64e15, 1.5].map(of)).toEqual([false, false, false, false]);
  });
});
