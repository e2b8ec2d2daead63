import { describe, expect, it } from 'vitest';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { outgoingHint } from '#shared/domain/hint.ts';
import { createMapper } from '#shared/domain/mapping.ts';
import type { Rates } from '#shared/domain/rates.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { resolveRecords } from '#shared/usecases/resolve-records.ts';
import { deadBench } from '../kit/dead-bench.ts';
import { ratesOf } from '../kit/fixture-rates.ts';
import { plantStart, shop, tenant } from '../kit/plant.ts';

const invoice = RecordMapping.parse({
  customer: { kind: 'account', id: 'customer' },
  version: 'changedAt',
  facts: [{ type: 'invoice.paid', at: 'day', amount: 'amount', currency: 'currency', fields: { note: 'note' } }],
});
const before = ratesOf('Date,USD,GBP\n2026-01-08,1.25,0.84\n');
const since = ratesOf('Date,USD,GBP\n2026-01-09,1.20,0.84\n2026-01-08,1.25,0.84\n');
const without = ratesOf('Date,USD,GBP\n2025-01-08,1.25,0.84\n');

/** Resolves what the shop sends, by the rates that were there at the last start. */
const resolving = async () => {
  const bench = deadBench();
  const records = memoryRecordStore();
  const connections = new Map<typeof shop, { mapper: ReturnType<typeof createMapper>; ownFields: Set<string> }>();
  const startWith = (rates: Rates, currency = 'GBP'): void => {
    const settings = { records: { invoice }, connection: shop, timezone: 'Europe/London' };
    connections.set(shop, { mapper: createMapper({ ...settings, currency, rates }), ownFields: new Set() });
  };
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
  const turn = () => bench.stream.turn(groups.resolveRecords);
  let sent = 0;
  const hear = async (content: Readonly<Record<string, string>>): Promise<void> => {
    sent += 1;
    const payload = { customer: 'ann', day: '2026-01-09', currency: 'USD', changedAt: plantStart + sent, ...content };
    const where = { tenant, connection: shop, object: 'invoice', id: '1', operation: 'upsert' } as const;
    records.receive(tenant, [shop]);
    await bench.stream.append(topics.webhooks, [
      outgoingHint({ ...where, delivery: `d${sent}`, receivedAt: plantStart + sent, payload }, 0),
    ]);
    await turn();
  };
  /** The amounts of the events so far: in the workspace's currency, with the day of their rate. */
  const said = () =>
    bench.stream.read(topics.events).map(({ value }) => {
      const decoded = decodeCloudEvent(value, CustomerEvent);
      if (!decoded.ok || decoded.event.data.kind !== 'record.asserted') throw new Error(value);
      const [fact] = decoded.event.data.facts;
      return [fact?.amount?.units, fact?.amount?.currency, fact?.converted?.rateDate];
    });
  return { ...bench, startWith, hear, said, turn };
};

describe('a record with an amount in another currency', () => {
  it('is converted once: the same content is no news when a later rate is known', async () => {
    const { startWith, hear, said } = await resolving();
    startWith(before);
    await hear({ amount: '100' });
    startWith(since);
    await hear({ amount: '100' });
    expect(said()).toEqual([[6_720, 'GBP', '2026-01-08']]);
  });

  it('is converted again when it says something else', async () => {
    const { startWith, hear, said } = await resolving();
    startWith(before);
    await hear({ amount: '100' });
    startWith(since);
    await hear({ amount: '100', note: 'checked' });
    expect(said().at(-1)).toEqual([7_000, 'GBP', '2026-01-09']);
  });

  it.each([{ amount: '100.01' }, { currency: 'GBP', amount: '100' }, { day: '2026-01-08', amount: '100' }])(
    'is news when what it says differs: %j',
    async (change) => {
      const { startWith, hear, said } = await resolving();
      startWith(before);
      await hear({ amount: '100' });
      await hear(change);
      expect(said()).toHaveLength(2);
    },
  );

  it('is news when the workspace counts in another currency', async () => {
    const { startWith, hear, said } = await resolving();
    startWith(before);
    await hear({ amount: '100' });
    startWith(before, 'EUR');
    await hear({ amount: '100' });
    expect(said()).toEqual([
      [6_720, 'GBP', '2026-01-08'],
      [8_000, 'EUR', '2026-01-08'],
    ]);
  });

  it('takes effect when it is sent again after its rate came, and not before', async () => {
    const { startWith, hear, said, replay, turn, list } = await resolving();
    startWith(without);
    await hear({ amount: '100' });
    expect(await list()).toMatchObject([{ letter: { reason: 'currency-without-rate', attempts: 1 } }]);
    await replay();
    await turn();
    expect(said()).toEqual([]);
    startWith(before);
    await replay({ again: true }, { reason: 'currency-without-rate' });
    await turn();
    expect(said()[0]).toEqual([6_720, 'GBP', '2026-01-08']);
  });
});
