import { describe, expect, it } from 'vitest';
import { memoryActionStore } from '#shared/adapters/memory/action-store.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { encodeChangeMessage } from '#shared/domain/action.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { type Hint, outgoingHint } from '#shared/domain/hint.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { profileOf } from '#shared/domain/profile.ts';
import type { ActionStore } from '#shared/ports/action-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { actOnChanges } from '#shared/usecases/act-on-changes.ts';
import { gradeCustomers } from '#shared/usecases/grade-customers.ts';
import { resolveRecords } from '#shared/usecases/resolve-records.ts';
import { acme, tenant as actingTenant, alertTo, change, noon, policyOf } from '../contract/action-samples.ts';
import { deadBench } from '../kit/dead-bench.ts';
import { fakeCrm } from '../kit/fake-crm.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { handClock } from '../kit/hand-clock.ts';
import { ledgerKeyOf, plantStart, shop, sourcesOf, tenant } from '../kit/plant.ts';
import { shopGraders } from '../kit/shop-models.ts';

const nameHint = (changedAt: number): Hint => ({
  ...{ tenant, connection: shop, object: 'customer', id: 'ann', operation: 'upsert', delivery: `d${changedAt}` },
  receivedAt: plantStart + changedAt,
  payload: { id: 'ann', name: `at ${changedAt}`, changedAt: plantStart + changedAt },
});

/** Resolves hints; a connection that is not known yet parks them. */
const resolving = async () => {
  const bench = deadBench();
  const records = memoryRecordStore();
  const all = sourcesOf(fakeCrm());
  const connections = new Map<typeof shop, NonNullable<ReturnType<typeof all.get>>>();
  const work = resolveRecords({
    ...{ tenant, connections, records, sha256: hashing.sha256, clock: bench.clock, metrics: noMetrics },
    ...{ stream: bench.stream, park: bench.parkAs('resolve-records') },
  });
  await bench.stream.subscribe(
    { topic: topics.webhooks, group: groups.resolveRecords, batchSize: 9 },
    async (batch) => {
      await work(batch);
    },
  );
  const outcomes = async () => {
    const account = (await records.readAccounts(tenant)).find(({ connection }) => connection === shop);
    return { resolved: account?.resolved, deduplicated: account?.deduplicated, dead: account?.dead };
  };
  return {
    ...bench,
    outcomes,
    know: () => connections.set(shop, all.get(shop) ?? expect.fail('no such connection')),
    hear: async (...hints: Hint[]) => {
      records.receive(
        tenant,
        hints.map(({ connection }) => connection),
      );
      await bench.stream.append(topics.webhooks, hints.map(outgoingHint));
      await bench.stream.turn(groups.resolveRecords);
    },
    turn: () => bench.stream.turn(groups.resolveRecords),
    said: () =>
      bench.stream
        .read(topics.events)
        .map(({ value }) => (JSON.parse(value) as { data: { attributes: { name: string } } }).data.attributes.name),
  };
};

describe('a hint that is sent again', () => {
  it('takes effect where it never had', async () => {
    const at = await resolving();
    await at.hear(nameHint(1));
    expect(await at.outcomes()).toMatchObject({ dead: { 'unknown-connection': 1 } });
    at.know();
    await at.replay();
    await at.turn();
    expect(at.said()).toEqual(['at 1']);
    expect(await at.outcomes()).toMatchObject({ resolved: 1, dead: { 'unknown-connection': 1 } });
  });

  it('does not a second time', async () => {
    const at = await resolving();
    await at.hear(nameHint(1));
    at.know();
    for (let time = 0; time < 2; time += 1) {
      await at.replay({ again: true });
      await at.turn();
    }
    expect(at.said()).toEqual(['at 1']);
    expect(await at.outcomes()).toMatchObject({ resolved: 1, deduplicated: 1 });
  });

  it('does not undo what came after it', async () => {
    const at = await resolving();
    await at.hear(nameHint(1));
    at.know();
    await at.hear(nameHint(2));
    await at.replay();
    await at.turn();
    expect(at.said()).toEqual(['at 2']);
    expect(await at.outcomes()).toMatchObject({ resolved: 1, deduplicated: 1 });
  });
});

const ann = CustomerId.parse('account:shop:ann');
const named = (source: number): CustomerEvent => ({
  ...{ kind: 'record.asserted', tenant, customer: ann, facts: [], trace: 't' },
  record: { connection: shop, object: 'customer', id: 'ann' },
  version: { assignment: 1, source, read: source },
  attributes: { name: `at ${source}` },
});

const grading = async () => {
  const bench = deadBench();
  const customers = memoryCustomerStore();
  const work = gradeCustomers({
    ...{
      tenant,
      customers,
      cohorts: memoryCohortStore(),
      stream: bench.stream,
      newLedgerKey: ledgerKeyOf,
      metrics: noMetrics,
    },
    models: fixedModels(shopGraders()),
    hashing,
    park: bench.parkAs('grade-customers'),
    wallNow: () => plantStart,
  });
  await bench.stream.subscribe({ topic: topics.events, group: groups.gradeCustomers, batchSize: 9 }, async (batch) => {
    await work(batch);
  });
  const outgoing = (event: CustomerEvent, offset: number) => ({
    key: event.customer,
    value: encodeCloudEvent({ id: `e${offset}`, source: 's', type: 't', data: event }, plantStart),
  });
  return {
    ...bench,
    hear: async (...events: CustomerEvent[]) => {
      await bench.stream.append(topics.events, events.map(outgoing));
      await bench.stream.turn(groups.gradeCustomers);
    },
    /** As it is when a stage could not do it in all the time it was given. */
    giveUp: async (event: CustomerEvent) => {
      const given = { ...outgoing(event, 99), topic: topics.events, partition: 5, offset: 99, at: plantStart };
      await bench.parkAs('grade-customers')(given, 'retries-exhausted', '');
    },
    turn: () => bench.stream.turn(groups.gradeCustomers),
    state: async () => {
      const state = (await customers.findAll(tenant, [ann])).get(ann);
      return { name: profileOf(state?.records ?? new Map<string, never>()).attributes['name'], seq: state?.ledger.seq };
    },
  };
};

describe('an event that is sent again', () => {
  it('takes effect where it never had, and once', async () => {
    const at = await grading();
    await at.giveUp(named(1));
    await at.replay();
    await at.turn();
    const first = await at.state();
    expect(first).toEqual({ name: 'at 1', seq: expect.any(Number) as number });
    await at.replay({ again: true });
    await at.turn();
    expect(await at.state()).toEqual(first);
  });

  it('does not undo what came after it', async () => {
    const at = await grading();
    await at.giveUp(named(1));
    await at.hear(named(2));
    await at.replay();
    await at.turn();
    expect(await at.state()).toMatchObject({ name: 'at 2' });
  });
});

const acting = async () => {
  const bench = deadBench(handClock(noon));
  const inner = memoryActionStore();
  const actions: ActionStore = {
    ...inner,
    commitAll: (commits, wallNow) => {
      // a store may refuse to write one thing twice in one go
      const ids = commits.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      return inner.commitAll(commits, wallNow);
    },
  };
  const rules = [
    { id: 'any', do: [alertTo('mail'), { writeGrade: { channel: 'grades' } }] },
    { id: 'calm', do: [alertTo('team')], settle: { window: 'P1D', always: true } },
  ];
  const { process } = actOnChanges({
    ...{ tenant: actingTenant, actions, policy: policyOf(rules), clock: bench.clock, metrics: noMetrics },
    park: (record, reason) => bench.parkAs('act-on-changes')(record, 'unreadable-change', reason),
  });
  const outgoing = (seq: number, ...args: [string, string]) => ({
    key: acme,
    value: encodeChangeMessage({ kind: 'grade.changed', ...change(seq, ...args) }, noon),
  });
  await bench.stream.subscribe({ topic: topics.changes, group: groups.actOnChanges, batchSize: 9 }, async (batch) => {
    await process(batch);
  });
  return {
    ...bench,
    actions,
    hear: async (seq: number, ...grades: [string, string]) => {
      await bench.stream.append(topics.changes, [outgoing(seq, ...grades)]);
      await bench.stream.turn(groups.actOnChanges);
    },
    giveUp: (seq: number, ...grades: [string, string]) =>
      bench.parkAs('act-on-changes')(
        { ...outgoing(seq, ...grades), topic: topics.changes, partition: 5, offset: seq, at: noon },
        'retries-exhausted',
        '',
      ),
    again: async () => {
      // one letter comes twice in one batch, too
      await bench.replay({ again: true });
      await bench.replay({ again: true });
      await bench.stream.turn(groups.actOnChanges);
    },
    said: async () =>
      (await actions.listDeliveries(acme, 99))
        .map(({ channel, change: of, status }) => `${channel} ${of.split('#')[1] ?? ''} ${status}`)
        .toReversed(),
    state: async () => (await actions.findStates([acme])).get(acme),
  };
};

describe('a change that is sent again', () => {
  it('is handled as if it had come late, where nothing came after it', async () => {
    const at = await acting();
    await at.hear(1, 'C', 'B');
    await at.giveUp(2, 'B', 'A');
    await at.again();
    expect(await at.said()).toEqual(['mail 1 pending', 'grades 1 superseded', 'mail 2 pending', 'grades 2 pending']);
    expect(await at.state()).toMatchObject({ seenSeq: 2, announced: { 'care/any': { grade: 'A' } } });
  });

  it('is announced although newer ones were handled, and moves nothing back', async () => {
    const at = await acting();
    await at.giveUp(1, 'C', 'B');
    await at.hear(2, 'B', 'A');
    const before = await at.state();
    at.clock.pass(1_000);
    await at.again();
    // no write-back of the old grade, and nothing from the rule whose window is open
    expect(await at.said()).toEqual(['mail 2 pending', 'grades 2 pending', 'mail 1 pending']);
    const { version: _, decidedAt, ...after } = (await at.state()) ?? expect.fail('no state');
    expect(before).toMatchObject(after);
    expect(decidedAt).toBe(noon + 1_000);
  });

  it('is not announced again where it was', async () => {
    const at = await acting();
    await at.hear(1, 'C', 'B');
    await at.hear(2, 'B', 'A');
    const before = await at.said();
    await at.giveUp(1, 'C', 'B');
    await at.giveUp(2, 'B', 'A');
    await at.again();
    expect(await at.said()).toEqual(before);
  });
});
