import { describe, expect, it } from 'vitest';
import { ChangeMessage } from '#shared/domain/action.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { type CustomerState, unknownCustomer } from '#shared/domain/customer-state.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId, CustomerId, TenantId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { type Arrived, type Regraded, regradeCustomer } from '#shared/grading/regrade.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { inForceOf } from '../kit/fixed-models.ts';
import { graderOf, healthModel } from '../kit/shop-models.ts';
import { shopModel } from '../kit/shop-workspace.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 10, 12);
const tenant = TenantId.parse('default');
const customer = CustomerId.parse('account:shop:1');
const tiers = graderOf(shopModel, 'tiers-1');
const regrading = { ...inForceOf([tiers]), hashing };
const key = 'ab'.repeat(32);
const nobody = unknownCustomer(tenant, customer, key);

const arrived = (event: CustomerEvent, at: number): Arrived => ({ event, id: `event@${at}`, at });
const record = (id: string) => ({ connection: ConnectionId.parse('shop'), object: 'invoice', id });
const named = (at: number, name = 'Shop'): Arrived =>
  arrived(
    {
      kind: 'record.asserted',
      tenant,
      customer,
      record: record('name'),
      version: { assignment: 1, source: at, read: at },
      attributes: { name },
      facts: [],
      trace: 't',
    },
    at,
  );
const paid = (id: string, units: number, at: number, paidAt = at): Arrived =>
  arrived(
    {
      kind: 'record.asserted',
      tenant,
      customer,
      record: record(id),
      version: { assignment: 1, source: at, read: at },
      attributes: {},
      facts: [{ type: 'invoice.paid', at: paidAt, amount: { units, scale: 0, currency: 'GBP' } }],
      trace: 't',
    },
    at,
  );
const retracted = (id: string, at: number): Arrived =>
  arrived(
    {
      kind: 'record.retracted',
      tenant,
      customer,
      record: record(id),
      version: { assignment: 2, source: at, read: at },
      trace: 't',
    },
    at,
  );
const review = (asOf: number, at = asOf): Arrived => arrived({ kind: 'review.requested', tenant, customer, asOf }, at);

const regrade = (stored: CustomerState, ...events: Arrived[]): Regraded => regradeCustomer(stored, events, regrading);
const told = ({ entries }: Regraded) =>
  entries.map(({ body }) => [body?.from, body?.to, body?.cause.type, (body?.at ?? 0) - start]);
const known = (...events: Arrived[]): CustomerState => regrade(nobody, named(start), ...events).state;

describe('regrading a customer', () => {
  it('writes one change per new grade, into the ledger and onto what it owes', () => {
    const regraded = regrade(
      nobody,
      named(start),
      paid('a', 250, start + 1),
      paid('b', 10, start + 2),
      paid('c', 800, start + 3),
    );
    expect(told(regraded)).toEqual([
      [null, 'C', 'event', 0],
      ['C', 'B', 'event', 1],
      ['B', 'A', 'event', 3],
    ]);
    expect(regraded.state).toMatchObject({
      version: 1,
      decidedAt: start + 3,
      ledger: { seq: 3, hash: regraded.entries[2]?.hash },
    });
    const owed = regraded.state.pending.map(({ value }) => decodeCloudEvent(value, ChangeMessage));
    expect(owed.map((each) => (each.ok ? [each.event.id, each.event.data.kind] : each.reason))).toEqual(
      [1, 2, 3].map((seq) => [`${customer}#${seq}`, 'grade.changed']),
    );
    expect(regraded.entries.map(({ body }) => body?.direction)).toEqual(['initial', 'up', 'up']);
  });

  it('keeps the score without a change where the grade stays, and since when it holds', () => {
    const before = known(paid('a', 250, start + 1));
    const { state, entries } = regrade(before, paid('b', 10, start + 9));
    expect(entries).toEqual([]);
    expect(state.pending).toEqual([]);
    expect(state.grades['shop-abc']).toMatchObject({ grade: 'B', score: 260, since: start + 1 });
    expect(state.version).toBe(before.version + 1);
  });

  it('raises the version by one, however many events it takes', () => {
    expect(regrade(known(), paid('a', 1, start + 1), paid('b', 1, start + 2)).state.version).toBe(2);
  });

  it('gives back the very state where nothing is decided: a stale event, a review of nothing', () => {
    const before = known(paid('a', 250, start + 1));
    const owing = { ...before, pending: [{ key: 'k', value: 'v', at: 1 }] };
    expect(regrade(owing, paid('a', 9_999, start + 1), review(start), review(start + 5)).state).toBe(owing);
    expect(regrade(nobody, review(start)).state).toBe(nobody);
    expect(regrade(nobody).state).toBe(nobody);
  });

  it('owes only its own changes: what was owed before is published by then', () => {
    const owing = { ...known(), pending: [{ key: 'k', value: 'v', at: 1 }] };
    expect(regrade(owing, paid('a', 1, start + 1)).state.pending).toEqual([]);
  });

  it('says who left the scope', () => {
    const left = regrade(known(), retracted('name', start + 1));
    expect(left.entries[0]?.body).toMatchObject({ from: 'C', to: null, direction: 'left', score: null });
  });

  it('says of a fall that it is one, and of a grade without rank that it goes sideways', () => {
    expect(regrade(known(paid('a', 250, start + 1)), retracted('a', start + 2)).entries[0]?.body?.direction).toBe(
      'down',
    );
    const health = { ...inForceOf([graderOf(healthModel, 'health')]), hashing };
    const { entries } = regradeCustomer(
      nobody,
      [named(start), paid('a', 10, start, start - 59 * day), review(start + 30 * day)],
      health,
    );
    expect(entries.map(({ body }) => [body?.to, body?.direction, body?.guard]).at(-1)).toEqual([
      'IDLE',
      'sideways',
      'idle',
    ]);
  });

  it('keeps its points summing to the score, and its ledger provable', () => {
    const { state, entries } = regradeCustomer(
      nobody,
      [named(start), paid('a', 900, start + 1), review(start + 100 * day)],
      { ...inForceOf([tiers, graderOf(healthModel, 'health')]), hashing },
    );
    expect(verifyLedger(entries, state.ledger, key, hashing, () => true).faults).toEqual([]);
    expect(entries.map(({ body }) => body?.decides)).toContain(false);
    for (const { body } of entries)
      if (body?.score != null)
        expect(body.contributions.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(body.score, 9);
  });
});

describe('time of a customer', () => {
  it('never runs backwards: an event that was appended earlier is decided now', () => {
    const { state } = regrade(known(paid('a', 1, start + 50)), paid('b', 250, start + 10));
    expect(state.decidedAt).toBe(start + 50);
    expect(state.grades['shop-abc']).toMatchObject({ grade: 'B', since: start + 50 });
  });

  it('plays overdue timers first, at their own instants, and then the event', () => {
    const before = known(paid('a', 1_100, start), paid('b', 150, start, start + 5 * day));
    expect(before.due).toBe(start + 30 * day);
    expect(told(regrade(before, paid('c', 2_000, start + 90 * day)))).toEqual([
      ['A', 'B', 'timer', 30 * day],
      ['B', 'C', 'timer', 35 * day],
      ['C', 'A', 'event', 90 * day],
    ]);
  });

  it('does not fire a timer a millisecond before its instant', () => {
    const before = known(paid('a', 250, start));
    expect(regrade(before, review(start + 30 * day - 1)).state).toBe(before);
    expect(told(regrade(before, review(start + 30 * day)))).toEqual([['B', 'C', 'timer', 30 * day]]);
  });

  it('does not answer the same review twice', () => {
    const { state } = regrade(known(paid('a', 250, start)), review(start + 30 * day));
    expect(regrade(state, review(start + 30 * day)).state).toBe(state);
    expect(state.due).toBeUndefined();
  });

  it('comes out the same event by event and in one batch', () => {
    const events = [
      named(start),
      paid('a', 250, start),
      paid('b', 900, start + 3 * day),
      review(start + 31 * day),
      retracted('b', start + 32 * day),
      review(start + 99 * day),
    ];
    const atOnce = regrade(nobody, ...events);
    let state = nobody;
    const entries = [];
    for (const event of events) {
      const step = regrade(state, event);
      entries.push(...step.entries);
      state = step.state;
    }
    expect(entries).toEqual(atOnce.entries);
    expect({ ...state, version: 0, pending: [] }).toEqual({ ...atOnce.state, version: 0, pending: [] });
  });
});

describe('an edited model', () => {
  const harder = graderOf(
    { ...shopModel, version: 2, cutoffs: { method: 'absolute', atLeast: { A: 1_000, B: 300 } } },
    'tiers-2',
  );
  const edited = { ...inForceOf([harder], 2), hashing };
  const before = known(paid('a', 250, start));

  it('reaches an idle customer by a review, also one of the instant that was decided last', () => {
    for (const asOf of [before.decidedAt + 1, before.decidedAt, before.decidedAt - 1]) {
      const regraded = regradeCustomer(before, [review(asOf)], edited);
      expect(told(regraded).map(([from, to, cause]) => [from, to, cause])).toEqual([['B', 'C', 'model']]);
      expect(regraded.state.decidedAt).toBe(Math.max(asOf, before.decidedAt));
      expect(regradeCustomer(regraded.state, [review(asOf)], edited).state).toBe(regraded.state);
    }
  });

  it('is decided before the event that finds it', () => {
    expect(told(regradeCustomer(before, [paid('b', 100, start + 5)], edited))).toEqual([
      ['B', 'C', 'model', 5],
      ['C', 'B', 'event', 5],
    ]);
  });

  it('that is new beside the others reaches an idle customer as well', () => {
    const both = { ...inForceOf([tiers, graderOf(healthModel, 'health')], 2), hashing };
    const { entries, state } = regradeCustomer(before, [review(start + 1)], both);
    expect(entries.map(({ body }) => [body?.model.id, body?.cause.type, body?.direction])).toEqual([
      ['shop-health', 'model', 'initial'],
    ]);
    expect(Object.keys(state.grades)).toEqual(['shop-abc', 'shop-health']);
  });

  it('is decided before timers that fell due meanwhile', () => {
    const lapsing = known(paid('a', 1_100, start), paid('b', 150, start, start + 5 * day));
    expect(lapsing.due).toBe(start + 30 * day);
    const { entries } = regradeCustomer(lapsing, [paid('c', 5_000, start + 90 * day)], edited);
    expect(entries.map(({ body }) => [body?.from, body?.to, body?.cause.type])).toEqual([
      ['A', 'C', 'model'],
      ['C', 'A', 'event'],
    ]);
  });

  it('is not held back, though its own changes have to last', () => {
    const slow = graderOf(
      {
        ...shopModel,
        version: 3,
        cutoffs: { method: 'absolute', atLeast: { A: 1_000, B: 300 } },
        stability: { dwell: { up: 'P7D', down: 'P7D' } },
      },
      'tiers-3',
    );
    const waiting = { ...inForceOf([slow], 2), hashing };
    const { state, entries } = regradeCustomer(before, [review(start + 1)], waiting);
    expect(entries.map(({ body }) => [body?.from, body?.to, body?.cause.type])).toEqual([['B', 'C', 'model']]);
    expect(entries.map(({ body }) => body && decidesAgainBy([tiers, slow])(body))).toEqual([true]);
    const up = regradeCustomer(state, [paid('b', 900, start + day)], waiting);
    expect(up.entries).toEqual([]);
    expect(up.state.grades['shop-abc']).toMatchObject({ grade: 'C', waiting: { direction: 'up' } });
  });

  it('leaves beside it what other models say', () => {
    const health = graderOf(healthModel, 'health');
    const one = regradeCustomer(nobody, [named(start), paid('a', 250, start)], {
      ...inForceOf([tiers, health]),
      hashing,
    });
    const two = regradeCustomer(one.state, [review(start + 5 * day)], { ...inForceOf([harder, health], 2), hashing });
    expect(two.entries.map(({ body }) => body?.model.id)).toEqual(['shop-abc']);
    expect(two.state.grades['shop-health']).toBe(one.state.grades['shop-health']);
  });

  it('is not decided by whoever does not know it yet', () => {
    const known2 = regradeCustomer(before, [review(start + 1)], edited).state;
    const old = regradeCustomer(known2, [paid('b', 100, start + 5)], regrading);
    expect(old).toMatchObject({ outdated: true, entries: [] });
    expect(old.state).toBe(known2);
    const asking = (more: object): Arrived =>
      arrived({ kind: 'review.requested', tenant, customer, asOf: start, ...more }, start);
    expect(regradeCustomer(before, [asking({ epoch: 2 })], regrading).outdated).toBe(true);
    expect(regradeCustomer(before, [asking({ building: 2 })], regrading).outdated).toBe(true);
    const built = { ...before, coming: { epoch: 2, ranks: {} } };
    expect(regradeCustomer(built, [paid('b', 100, start + 5)], regrading).outdated).toBe(true);
  });

  it('invents nobody: a review of a stranger decides nothing', () => {
    expect(regradeCustomer(nobody, [review(start)], edited).state).toBe(nobody);
  });
});
