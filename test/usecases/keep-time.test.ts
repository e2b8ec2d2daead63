import { describe, expect, it } from 'vitest';
import { memoryActionStore } from '#shared/adapters/memory/action-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { limits } from '#shared/definitions/limits.ts';
import { topics } from '#shared/definitions/topics.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import { unknownRecord } from '#shared/domain/record-item.ts';
import type { ActionDue } from '#shared/ports/action-store.ts';
import { type KeepTimeDeps, keepTime, sweepUnpublished } from '#shared/usecases/keep-time.ts';
import { acme, customerOf, firstInstant, stateOf } from '../contract/customer-states.ts';
import { handClock } from '../kit/hand-clock.ts';
import { handStream } from '../kit/hand-stream.ts';

const bench = (changes: Partial<KeepTimeDeps> = {}) => {
  const clock = handClock(firstInstant);
  const stream = handStream(clock.businessNow);
  const [customers, records, actions] = [memoryCustomerStore(), memoryRecordStore(), memoryActionStore()];
  const owed: unknown[] = [];
  const deps: KeepTimeDeps = {
    tenant: acme,
    customers,
    records,
    actions,
    stream,
    clock,
    settledUntil: clock.businessNow,
    publishOwedChanges: async (ids) => void owed.push(...ids),
    publishOwedEvents: async (refs) => void owed.push(...refs.map(({ id }) => id)),
    ...changes,
  };
  const sent = (topic: typeof topics.events | typeof topics.changes) =>
    stream.read(topic).map(({ key, value, at }) => ({
      key,
      at,
      ...(JSON.parse(value) as { id: string; data: { kind: string; asOf: number } }),
    }));
  const due = (...entries: readonly [string, number][]) =>
    customers.commitAll(entries.map(([id, at]) => ({ next: stateOf(customerOf(id), { due: at }), entries: [] })));
  return { clock, customers, records, owed, sent, due, keep: keepTime(deps), sweep: sweepUnpublished(deps) };
};

describe('a turn of the clock', () => {
  it('asks for a review of everybody due, as of the instant they fell due, earliest first', async () => {
    const { keep, due, sent } = bench();
    await due(['later', firstInstant + 1], ['b', firstInstant], ['a', firstInstant - 5_000]);
    expect(await keep()).toEqual({ reviews: 2, actions: 0 });
    expect(sent(topics.events).map(({ key, at, id, data }) => [key, at, id, data.asOf])).toEqual(
      [['a', firstInstant - 5_000] as const, ['b', firstInstant] as const].map(([id, at]) => [
        customerOf(id),
        at,
        `${customerOf(id)}@${at}`,
        at,
      ]),
    );
  });

  it('asks once, and again only when nobody answered for five minutes', async () => {
    const { keep, due, sent, clock } = bench();
    await due(['a', firstInstant]);
    await keep();
    expect(await keep()).toEqual({ reviews: 0, actions: 0 });
    clock.pass(limits.dueClaimMs - 1);
    expect(await keep()).toEqual({ reviews: 0, actions: 0 });
    clock.pass(1);
    expect(await keep()).toEqual({ reviews: 1, actions: 0 });
    expect(new Set(sent(topics.events).map(({ id }) => id)).size).toBe(1);
  });

  it('fires nothing past what is received and not yet graded', async () => {
    let settled = firstInstant;
    const { keep, due, clock } = bench({ settledUntil: () => settled });
    await due(['a', firstInstant + 10]);
    clock.pass(60_000);
    expect(await keep()).toEqual({ reviews: 0, actions: 0 });
    settled = firstInstant + 10;
    expect(await keep()).toEqual({ reviews: 1, actions: 0 });
  });

  it('does not run ahead of its own clock either', async () => {
    const { keep, due } = bench({ settledUntil: () => firstInstant + 99 });
    await due(['a', firstInstant + 10]);
    expect(await keep()).toEqual({ reviews: 0, actions: 0 });
  });

  it('leaves more than five hundred to the next turn', async () => {
    const { keep, due } = bench();
    await due(...Array.from({ length: 501 }, (_, i) => [`c${i}`, firstInstant] as [string, number]));
    expect([await keep(), await keep(), await keep()].map(({ reviews }) => reviews)).toEqual([500, 1, 0]);
  });

  it('puts due actions back on the topic of changes', async () => {
    const actions = memoryActionStore();
    const claims: ActionDue[][] = [[{ customer: customerOf('a'), asOf: firstInstant - 7 }], []];
    const { keep, sent } = bench({ actions: { ...actions, claimDue: async () => claims.shift() ?? [] } });
    expect([await keep(), await keep()]).toEqual([
      { reviews: 0, actions: 1 },
      { reviews: 0, actions: 0 },
    ]);
    expect(sent(topics.changes).map(({ key, at, data }) => [key, at, data.kind, data.asOf])).toEqual([
      [customerOf('a'), firstInstant - 7, 'action.due', firstInstant - 7],
    ]);
  });
});

describe('a sweep', () => {
  it('brings up what has been owed for more than a minute, of customers and of records', async () => {
    const { sweep, customers, records, owed, clock } = bench();
    const pending = [{ key: 'k', value: 'v', at: firstInstant }];
    await customers.commitAll([
      { next: stateOf(customerOf('a'), { pending }), entries: [] },
      { next: stateOf(customerOf('b')), entries: [] },
    ]);
    const ref = { connection: ConnectionId.parse('erp'), object: 'o', id: 'r' };
    await records.commitResolved(acme, {
      partition: 0,
      upTo: 0,
      upToAt: 0,
      hints: [],
      inbox: [],
      records: [{ ...unknownRecord(acme, ref), itemVersion: 1, pending }],
    });
    clock.pass(limits.pendingSweepMs);
    await sweep();
    expect(owed).toEqual([]);
    clock.pass(1);
    await sweep();
    expect(owed).toEqual([customerOf('a'), 'r']);
  });
});
