import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wireActOnChanges } from '#functions/act-on-changes/wire.ts';
import { wireGradeCustomers } from '#functions/grade-customers/wire.ts';
import { memoryActionStore } from '#shared/adapters/memory/action-store.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryCustomerStore } from '#shared/adapters/memory/customer-store.ts';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { type Topic, topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { DeadLetter } from '#shared/domain/dead-letter.ts';
import type { Hint } from '#shared/domain/hint.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Received } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { parkOn } from '#shared/usecases/park.ts';
import { resolveRecords } from '#shared/usecases/resolve-records.ts';
import { fakeCrm } from '../kit/fake-crm.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { handClock } from '../kit/hand-clock.ts';
import { type HandStream, handStream } from '../kit/hand-stream.ts';
import { buildPlant, memoryGround, plantStart, shop, sourcesOf, tenant } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { graderOf, shopGraders } from '../kit/shop-models.ts';
import { shopModel, shopWorkspace } from '../kit/shop-workspace.ts';
import { anyHistory, play, settle } from './history.ts';

interface Stage {
  readonly stage: string;
  readonly topic: Topic;
  readonly stream: HandStream;
  process(batch: readonly Received[]): Promise<unknown>;
}

const rules = [
  {
    id: 'every-change',
    when: {},
    do: [
      {
        alert: {
          channel: 'managers',
          title: { zh: '{{name}}', en: '{{name}}' },
          text: { zh: '{{reasons}}', en: '{{reasons}}' },
        },
      },
    ],
  },
];
const channels = {
  managers: {
    type: 'standard-webhook',
    url: 'http://127.0.0.1:9/alerts',
    secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }],
  },
};

const stages: readonly { readonly stage: string; readonly open: () => Stage }[] = [
  {
    stage: 'resolve-records',
    open: () => {
      const clock = handClock(plantStart);
      const stream = handStream(clock.businessNow);
      const park = parkOn({ stream, stage: 'resolve-records', log: quietLog(), metrics: noMetrics });
      const deps = {
        tenant,
        connections: sourcesOf(fakeCrm()),
        records: memoryRecordStore(),
        stream,
        sha256: hashing.sha256,
        clock,
        park,
        metrics: noMetrics,
      };
      return { stage: 'resolve-records', topic: topics.webhooks, stream, process: resolveRecords(deps) };
    },
  },
  {
    stage: 'grade-customers',
    open: () => {
      const stream = handStream(() => plantStart);
      const graded = wireGradeCustomers({
        tenant,
        customers: memoryCustomerStore(),
        cohorts: memoryCohortStore(),
        stream,
        models: fixedModels(shopGraders()),
        log: quietLog(),
        clock: handClock(plantStart),
        metrics: noMetrics,
      });
      return { stage: 'grade-customers', topic: topics.events, stream, process: graded.process };
    },
  },
  {
    stage: 'act-on-changes',
    open: () => {
      const clock = handClock(plantStart);
      const stream = handStream(clock.businessNow);
      const { workspace, playbooks } = shopWorkspace({ folder: '/', channels, rules });
      const acting = wireActOnChanges({
        tenant,
        workspace,
        playbooks,
        models: fixedModels(shopGraders()),
        reasons: () => [],
        actions: memoryActionStore(),
        writers: new Map(),
        stream,
        clock,
        log: quietLog(),
        metrics: noMetrics,
        resolveSecret: () => `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      });
      return { stage: 'act-on-changes', topic: topics.changes, stream, process: acting.process };
    },
  },
];

const received = (topic: Topic, values: readonly string[], key: string): readonly Received[] =>
  values.map((value, offset) => ({ topic, partition: 0, offset, key, value, at: plantStart }));

const deadOf = (stream: HandStream): readonly DeadLetter[] =>
  stream.read(topics.dead).map(({ value }) => {
    const decoded = decodeCloudEvent(value, DeadLetter);
    return decoded.ok ? decoded.event.data : expect.fail(decoded.reason);
  });

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
  fc.constantFrom('', '{}', 'null', '[]', '{"specversion":"1.0"}', '{"__proto__":1}', '\ud800'),
);
const anyKey = fc.oneof(fc.constantFrom('shop/customer/1', 'nobody/x/1', '', '/', 'no slash'), fc.string());

/** Values at which programs break: the ends of numbers, of time, of text, and what is no plain object. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    8.64e15,
    -8.64e15,
    253_402_300_799_999,
  ),
  fc.constantFrom(
    '',
    'constructor',
    '__proto__',
    'toString',
    'x'.repeat(5_000),
    '\ud800',
    '9'.repeat(400),
    '1e400',
    '9999-12-31',
    '0000-01-01',
  ),
  fc.constantFrom([], {}, [[]], [null], { a: null }, JSON.parse('{"__proto__":{"a":1}}') as unknown),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A copy with one place, found by walking `path`, replaced, removed or filled in. */
const mutated = (value: unknown, path: readonly number[], put: unknown): unknown => {
  if (value === null || typeof value !== 'object' || path.length === 0) return put;
  const entries = Object.entries(value as Record<string, unknown>);
  const at = (path[0] ?? 0) % (entries.length + 1);
  if (at === entries.length) return Array.isArray(value) ? [...(value as unknown[]), put] : { ...value, extra: put };
  const replaced = entries.map(
    ([name, member], index) => [name, index === at ? mutated(member, path.slice(1), put) : member] as const,
  );
  return Array.isArray(value) ? replaced.map(([, member]) => member) : Object.fromEntries(replaced);
};

const anyMutation = fc.record({
  path: fc.array(fc.nat(11), { minLength: 1, maxLength: 7 }),
  put: nasty,
  which: fc.nat(200),
});

/** Real records of every topic, made by a real history. */
const realRecords = async (steps: Parameters<typeof play>[0]) => {
  const ground = memoryGround();
  const plant = await buildPlant(ground);
  await play(steps, plant);
  await settle(plant);
  return (topic: Topic) => (ground.stream as HandStream).read(topic).map(({ value }) => value);
};

describe.each(stages)('$stage', ({ stage, open }) => {
  it('parks whatever is not its own kind of record, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyText, { minLength: 1, maxLength: 5 }), anyKey, async (texts, key) => {
        const { process, topic, stream } = open();
        await process(received(topic, texts, key));
        const dead = deadOf(stream);
        expect(dead.map(({ payload }) => payload)).toEqual(texts);
        expect(dead.map((letter) => [letter.stage, letter.topic, letter.offset])).toEqual(
          texts.map((_, offset) => [stage, topic, offset]),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('handles or parks real records in which anything was replaced by anything, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.array(anyMutation, { minLength: 1, maxLength: 25 }), async (steps, mutations) => {
        const { process, topic } = open();
        const values = (await realRecords(steps))(topic);
        fc.pre(values.length > 0);
        const broken = mutations.map(({ path, put, which }) =>
          JSON.stringify(mutated(JSON.parse(values[which % values.length]!), path, put)),
        );
        await process(received(topic, [...broken, ...values], 'shop/customer/1'));
      }),
      { numRuns: 100 },
    );
  });

  it('takes a record nested deeper than the stack is high', async () => {
    const { process, topic, stream } = open();
    const deep = 200_000;
    const nest = `${'['.repeat(deep)}${']'.repeat(deep)}`;
    const members = ['type', 'id', 'name', 'region', 'draft', 'customer', 'paidAt', 'amount', 'changedAt'];
    const data = members.map((member) => {
      const payload = `{"id":"1","customer":"1","changedAt":${plantStart},"${member}":${nest}}`;
      return `{"tenant":"default","connection":"shop","object":"${member === 'name' ? 'customer' : 'invoice'}","id":"1","operation":"upsert","delivery":"${member}","receivedAt":1,"payload":${payload}}`;
    });
    const values = [nest, ...data].map(
      (each) => `{"specversion":"1.0","id":"1","source":"s","type":"t","time":"t","data":${each}}`,
    );
    await process(received(topic, values, 'shop/customer/1'));
    expect(deadOf(stream).map(({ offset }) => offset)).toContain(0);
  });
});

/** Windows that end with a day have to ask the calendar. */
const dayAligned = {
  ...shopModel,
  scope: undefined,
  signals: { sales30d: { ...shopModel.signals.sales30d, window: { last: 'P30D', align: 'day' } } },
};
const invoiceHint: Hint = {
  tenant,
  connection: shop,
  object: 'invoice',
  id: '1',
  operation: 'upsert',
  delivery: 'd',
  receivedAt: plantStart,
};
const assertion = {
  kind: 'record.asserted',
  tenant,
  customer: 'account:shop:1',
  record: { connection: shop, object: 'invoice', id: '1' },
  attributes: {},
  trace: 't',
};

describe('a delivery', () => {
  it('never stops the pipeline, whatever its records hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyHistory, anyMutation), { minLength: 1, maxLength: 4 }), async (parts) => {
        const plant = await buildPlant(memoryGround());
        for (const [steps, { path, put }] of parts) {
          const { deliveries } = await play(steps, plant);
          for (const hints of deliveries)
            for (const hint of hints)
              if (hint.payload !== undefined)
                await plant.accept([
                  {
                    ...hint,
                    delivery: `${hint.delivery} broken`,
                    payload: mutated(hint.payload, path.slice(-2), put) as never,
                  },
                ]);
        }
        await settle(plant);
        for (const { received: taken, waiting } of await plant.records.readAccounts(tenant)) {
          expect(taken).toBeGreaterThan(0);
          expect(waiting).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [8.64e15, 'dead'],
    [-8.64e15, 'dead'],
    [253_402_300_800_000, 'dead'],
    ['0000-01-01', 'dead'],
    [253_402_300_799_999, 'graded'],
    [-62_135_596_800_000, 'graded'],
    ['9999-12-31', 'graded'],
    ['0001-01-02', 'graded'],
  ])('of an invoice paid at %s is %s: no calendar goes beyond the years 1 to 9999', async (paidAt, outcome) => {
    const plant = await buildPlant(memoryGround(), { graders: [graderOf(dayAligned, 'aligned')] });
    const payload = { type: 'invoice', id: '1', customer: '1', amount: '12', paidAt, changedAt: plantStart };
    await plant.accept([{ ...invoiceHint, payload }]);
    await settle(plant);
    const [account] = await plant.records.readAccounts(tenant);
    const counts = outcome === 'dead' ? { resolved: 0, dead: { 'no-instant': 1 } } : { resolved: 1, dead: {} };
    expect(account).toMatchObject({ received: 1, waiting: 0, ...counts });
  });
});

describe('an event of no calendar', () => {
  const fact = (at: number) => ({
    facts: [{ type: 'invoice.paid', at, amount: { units: 1, scale: 0, currency: 'GBP' } }],
  });
  const version = { assignment: 1, source: plantStart, read: plantStart };
  const asserted = { ...assertion, version, facts: [] };

  it.each([
    ['a fact', { ...asserted, ...fact(8.64e15) }],
    ['a fact long ago', { ...asserted, ...fact(-8.64e15) }],
    ['a version', { ...asserted, version: { ...version, read: Number.MAX_SAFE_INTEGER } }],
    ['a review', { kind: 'review.requested', tenant, customer: assertion.customer, asOf: Number.MAX_SAFE_INTEGER }],
  ])('is parked: %s beyond the years 1 to 9999', async (_, data) => {
    const ground = memoryGround();
    const stream = ground.stream as HandStream;
    const plant = await buildPlant(ground, { graders: [graderOf(dayAligned, 'aligned')] });
    const value = JSON.stringify({ specversion: '1.0', id: '1', source: 's', type: 't', time: 't', data });
    await plant.stream.append(topics.events, [{ key: assertion.customer, value }]);
    await settle(plant);
    expect(deadOf(stream)).toMatchObject([{ reason: 'unreadable-event', stage: 'grade-customers' }]);
  });
});
