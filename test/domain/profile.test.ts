import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordEvent } from '#shared/domain/event.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { ConnectionId, CustomerId, TenantId } from '#shared/domain/ids.ts';
import { applyToRecords, profileOf, type Records, shortKey } from '#shared/domain/profile.ts';

const tenant = TenantId.parse('default');
const customer = CustomerId.parse('account:shop:1');
const ref = (id: string) => ({ connection: ConnectionId.parse('shop'), object: 'o', id });
const at = (source: number, read = source, assignment = 1) => ({ assignment, source, read });
const fact = (instant: number, type = 'invoice.paid'): Fact => ({ type, at: instant });

type Asserted = Extract<RecordEvent, { kind: 'record.asserted' }>;
const says = (id: string, version: ReturnType<typeof at>, said: Partial<Asserted> = {}): RecordEvent => ({
  kind: 'record.asserted',
  tenant,
  customer,
  record: ref(id),
  version,
  attributes: {},
  facts: [],
  trace: 't',
  ...said,
});
const retracts = (id: string, version: ReturnType<typeof at>): RecordEvent => ({
  kind: 'record.retracted',
  tenant,
  customer,
  record: ref(id),
  version,
  trace: 't',
});

const apply = (events: readonly RecordEvent[], records: Records = new Map()): Records =>
  events.reduce<Records>((known, event) => {
    const applied = applyToRecords(known, event);
    return applied.outcome === 'applied' ? applied.records : known;
  }, records);

describe('a customer’s records', () => {
  it('are replaced whole: what a record no longer says is gone', () => {
    const records = apply([
      says('1', at(1), { attributes: { name: 'a', size: 2 }, facts: [fact(5)] }),
      says('1', at(2), { attributes: { name: 'b' } }),
    ]);
    expect(profileOf(records)).toEqual({ attributes: { name: 'b' }, facts: [] });
  });

  it('ignore an equal or older version', () => {
    const records = apply([says('1', at(2, 2), { attributes: { name: 'b' } })]);
    for (const version of [at(2, 2), at(2, 1), at(1, 9), at(9, 9, 0)])
      expect(applyToRecords(records, says('1', version, { attributes: { name: 'a' } }))).toEqual({ outcome: 'stale' });
    expect(applyToRecords(records, says('1', at(2, 3))).outcome).toBe('applied');
    expect(applyToRecords(records, says('1', at(0, 0, 2))).outcome).toBe('applied');
  });

  it('keep a tombstone of what was retracted, so that nothing older comes back', () => {
    const records = apply([retracts('1', at(3))]);
    expect(applyToRecords(records, says('1', at(2), { facts: [fact(1)] }))).toEqual({ outcome: 'stale' });
    expect(profileOf(apply([says('1', at(4), { facts: [fact(1)] })], records)).facts).toHaveLength(1);
  });

  it('do not change the ones they were before', () => {
    const before = apply([says('1', at(1), { attributes: { name: 'a' } })]);
    apply([says('1', at(2)), retracts('2', at(1))], before);
    expect(profileOf(before)).toEqual({ attributes: { name: 'a' }, facts: [] });
    expect(before.size).toBe(1);
  });
});

describe('a profile', () => {
  it('takes an attribute from the record with the newer source, however late that one was read', () => {
    const early = says('a', at(10, 99), { attributes: { name: 'old' } });
    const late = says('b', at(20, 30), { attributes: { name: 'new' } });
    expect(profileOf(apply([early, late])).attributes).toEqual({ name: 'new' });
    expect(profileOf(apply([late, early])).attributes).toEqual({ name: 'new' });
  });

  it('does not depend on which of two equally old records was read first', () => {
    const [a, b] = ['a', 'b'].map(
      (id) => (read: number) => says(id, at(10, read), { attributes: { name: id }, facts: [fact(5, `${id}.done`)] }),
    );
    expect(profileOf(apply([a!(1), b!(2)]))).toEqual(profileOf(apply([b!(1), a!(2)])));
  });

  it('lists facts by instant, oldest first', () => {
    const records = apply([says('a', at(1), { facts: [fact(9), fact(2)] }), says('b', at(2), { facts: [fact(5)] })]);
    expect(profileOf(records).facts.map((one) => one.at)).toEqual([2, 5, 9]);
  });

  it('is the same for the same newest versions, in whatever order and however often they came', () => {
    const anyEvent = fc
      .record({ id: fc.constantFrom('a', 'b', 'c'), source: fc.nat(4), gone: fc.boolean() })
      // what a version says is a function of it: two different contents under one version are no history
      .map(({ id, source, gone }) =>
        gone && source % 2 === 0
          ? retracts(id, at(source, 0))
          : says(id, at(source, 1), { attributes: { name: `${id}${source}` }, facts: [fact(source % 2)] }),
      );
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.array(fc.nat(), { minLength: 12, maxLength: 12 }),
        (events, keys) => {
          const mixed = events
            .map((event, i) => ({ event, key: keys[i]! }))
            .sort((x, y) => x.key - y.key)
            .map(({ event }) => event);
          expect(profileOf(apply([...mixed, ...events]))).toEqual(profileOf(apply(events)));
        },
      ),
    );
  });
});

describe('shortKey', () => {
  it('keeps short keys as they are and makes ten characters of long ones', () => {
    expect(shortKey('12345678')).toBe('12345678');
    expect(shortKey('123456789')).toMatch(/^[0-9a-z]{10}$/);
  });

  it('tells the records of a very large customer apart', () => {
    const keys = Array.from({ length: 100_000 }, (_, i) => shortKey(`zoho-eu/Invoices/5540230000${500_000 + i}`));
    expect(new Set(keys).size).toBe(keys.length);
  });
});
