import { describe, expect, it } from 'vitest';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId, CustomerId, TenantId } from '#shared/domain/ids.ts';
import { type RecordItem, type Sighting, sightRecord, unknownRecord } from '#shared/domain/record-item.ts';

const tenant = TenantId.parse('default');
const record = { connection: ConnectionId.parse('shop'), object: 'invoice', id: '1' };
const ann = CustomerId.parse('account:shop:ann');
const bob = CustomerId.parse('account:shop:bob');
const unknown = unknownRecord(tenant, record);

interface Seen {
  readonly source?: number;
  readonly read: number;
  readonly delivery?: string;
}
const says = (customer: CustomerId, hash: string, { source, read, delivery = `d${read}` }: Seen): Sighting => ({
  kind: 'says',
  record,
  read,
  delivery,
  customer,
  attributes: { name: hash },
  facts: [],
  hash,
  ...(source === undefined ? {} : { source }),
});
const gone = ({ source, read, delivery = `d${read}` }: Seen, because?: string): Sighting => ({
  kind: 'gone',
  record,
  read,
  delivery,
  ...(source === undefined ? {} : { source }),
  ...(because === undefined ? {} : { because }),
});

/** Plays sightings; what the customers heard, and what is known in the end. */
const play = (
  sightings: readonly Sighting[],
  from: RecordItem = unknown,
): { item: RecordItem; heard: readonly CustomerEvent[]; outcomes: readonly string[] } => {
  let item = from;
  const heard: CustomerEvent[] = [];
  const outcomes = sightings.map((sighting) => {
    const sighted = sightRecord(item, sighting);
    if (sighted.outcome !== 'repeat') item = sighted.item;
    if (sighted.outcome === 'news') heard.push(...sighted.events);
    return sighted.outcome;
  });
  return { item, heard, outcomes };
};
const told = (events: readonly CustomerEvent[]) => events.map((event) => [event.kind, event.customer]);

describe('a record seen for the first time', () => {
  it('is asserted at its customer', () => {
    const { item, heard } = play([says(ann, 'x', { source: 5, read: 9 })]);
    expect(heard).toEqual([
      {
        kind: 'record.asserted',
        tenant,
        record,
        customer: ann,
        version: { assignment: 1, source: 5, read: 9 },
        attributes: { name: 'x' },
        facts: [],
        trace: 'd9',
      },
    ]);
    expect(item).toMatchObject({ itemVersion: 1, customer: ann, deleted: false, hash: 'x', pending: [] });
  });

  it('and gone already is remembered, nobody hears of it, and what is older stays unheard', () => {
    const { item, heard, outcomes } = play([gone({ source: 7, read: 9 }), says(ann, 'x', { source: 6, read: 10 })]);
    expect(heard).toEqual([]);
    expect(outcomes).toEqual(['news', 'repeat']);
    expect(item).toMatchObject({ customer: null, deleted: true, hash: '' });
  });

  it('counts by its arrival where the source names no instant', () => {
    expect(play([says(ann, 'x', { read: 9 })]).item.version).toEqual({ assignment: 1, source: 9, read: 9 });
    expect(play([gone({ read: 9 })]).item.version).toEqual({ assignment: 0, source: 9, read: 9 });
  });
});

describe('a record known already', () => {
  const known = play([says(ann, 'x', { source: 5, read: 9 })]).item;

  it.each([
    ['an older instant', says(ann, 'y', { source: 4, read: 99 })],
    ['the same instant and read', says(ann, 'y', { source: 5, read: 9, delivery: 'other' })],
    ['the same instant, read earlier', says(ann, 'y', { source: 5, read: 8 })],
    ['an older instant of its end', gone({ source: 4, read: 99 })],
  ])('is left as it is by %s', (_, sighting) => {
    expect(sightRecord(known, sighting)).toEqual({ outcome: 'repeat' });
  });

  it('takes the later read of two contents of one instant', () => {
    expect(play([says(ann, 'y', { source: 5, read: 10 })], known)).toMatchObject({
      outcomes: ['news'],
      item: { hash: 'y' },
    });
  });

  it('does not let a late copy of an older delivery win within one tick of the vendor’s clock', () => {
    const second = says(ann, 'y', { source: 5, read: 10 });
    const copyOfFirst = says(ann, 'x', { source: 5, read: 11, delivery: 'd9' });
    expect(play([second, copyOfFirst], known)).toMatchObject({ outcomes: ['news', 'repeat'], item: { hash: 'y' } });
  });

  it('takes several states of it from one delivery, as long as their instants differ', () => {
    const [first, second] = [5, 6].map((source) => says(ann, `at ${source}`, { source, read: 9, delivery: 'd' }));
    expect(play([first!, second!]).outcomes).toEqual(['news', 'news']);
  });

  it('moves its version with equal content, and tells nobody', () => {
    const { item, heard, outcomes } = play([says(ann, 'x', { source: 6, read: 10 })], known);
    expect([outcomes, heard]).toEqual([['unchanged'], []]);
    expect(item).toMatchObject({ itemVersion: 2, version: { assignment: 1, source: 6, read: 10 } });
    // otherwise this older one would count as news
    expect(sightRecord(item, says(ann, 'y', { source: 5, read: 99 }))).toEqual({ outcome: 'repeat' });
  });

  it('is retracted from one customer and asserted at the next when it moves, under one new assignment', () => {
    const { heard, item } = play([says(bob, 'x', { source: 6, read: 10 })], known);
    expect(told(heard)).toEqual([
      ['record.retracted', ann],
      ['record.asserted', bob],
    ]);
    for (const event of heard) expect(event).toMatchObject({ version: { assignment: 2, source: 6, read: 10 } });
    expect(item.customer).toBe(bob);
  });

  it('moves there and back again with versions that only grow', () => {
    const { heard } = play([says(bob, 'x', { source: 6, read: 10 }), says(ann, 'x', { source: 7, read: 11 })], known);
    expect(told(heard)).toEqual([
      ['record.retracted', ann],
      ['record.asserted', bob],
      ['record.retracted', bob],
      ['record.asserted', ann],
    ]);
    expect(heard.map((event) => ('version' in event ? event.version.assignment : 0))).toEqual([2, 2, 3, 3]);
  });

  it('is retracted when it is gone, once', () => {
    const { heard, outcomes, item } = play([gone({ source: 6, read: 10 }), gone({ source: 7, read: 11 })], known);
    expect(told(heard)).toEqual([['record.retracted', ann]]);
    expect(outcomes).toEqual(['news', 'unchanged']);
    expect(item).toMatchObject({ customer: null, deleted: true, version: { assignment: 2, source: 7 } });
  });

  it('is gone when reading back no longer finds it, though that has no instant', () => {
    const { heard, item } = play([gone({ read: 10 })], known);
    expect(told(heard)).toEqual([['record.retracted', ann]]);
    expect(item.version).toEqual({ assignment: 2, source: 5, read: 10 });
  });

  it('comes back when it is restored', () => {
    const restored = play([gone({ source: 6, read: 10 }), says(ann, 'x', { source: 7, read: 11 })], known);
    expect(told(restored.heard)).toEqual([
      ['record.retracted', ann],
      ['record.asserted', ann],
    ]);
    expect(restored.item).toMatchObject({ customer: ann, deleted: false, version: { assignment: 3 } });
    const undated = play([gone({ read: 10 }), says(ann, 'x', { source: 5, read: 11 })], known);
    expect(undated.item).toMatchObject({ customer: ann, deleted: false });
  });

  it('is nobody’s while what it says names nobody, and tells nobody again', () => {
    const { heard, outcomes } = play(
      [gone({ source: 6, read: 10 }, 'filtered'), gone({ source: 7, read: 11 }, 'filtered')],
      known,
    );
    expect(told(heard)).toEqual([['record.retracted', ann]]);
    expect(outcomes).toEqual(['news', 'unchanged']);
  });
});

describe('a source without instants', () => {
  const first = says(ann, 'x', { read: 10, delivery: 'a' });

  it('is taken in the order of arrival', () => {
    expect(play([first, says(ann, 'y', { read: 11, delivery: 'b' })]).item.hash).toBe('y');
    expect(play([first, says(ann, 'y', { read: 9, delivery: 'b' })]).item.hash).toBe('x');
  });

  it('does not take a copy of an earlier delivery for news', () => {
    const sightings = [first, says(ann, 'y', { read: 11, delivery: 'b' }), says(ann, 'x', { read: 12, delivery: 'a' })];
    expect(play(sightings)).toMatchObject({ outcomes: ['news', 'news', 'repeat'], item: { hash: 'y' } });
    expect(play([...sightings, gone({ read: 13, delivery: 'b' })]).outcomes.at(-1)).toBe('repeat');
  });

  it('remembers the last sixteen deliveries, and no more', () => {
    const many = Array.from({ length: 16 }, (_, i) => says(ann, `${i}`, { read: 11 + i, delivery: `n${i}` }));
    const { item } = play([first, ...many]);
    expect(item.recentDeliveries).toEqual(many.map(({ delivery }) => delivery));
    expect(sightRecord(item, says(ann, '0', { read: 99, delivery: 'n0' })).outcome).toBe('repeat');
    expect(sightRecord(item, says(ann, 'x', { read: 99, delivery: 'a' })).outcome).toBe('news');
  });
});

describe('a source with instants', () => {
  it('is remembered by the deliveries of its newest instant only', () => {
    const { item } = play([
      says(ann, 'x', { source: 5, read: 9 }),
      says(ann, 'y', { source: 5, read: 10 }),
      says(ann, 'z', { source: 6, read: 11 }),
    ]);
    expect(item.recentDeliveries).toEqual(['d11']);
  });
});

it('leaves the item it was given untouched', () => {
  const before = JSON.stringify(unknown);
  sightRecord(unknown, says(ann, 'x', { source: 5, read: 9 }));
  expect(JSON.stringify(unknown)).toBe(before);
});
