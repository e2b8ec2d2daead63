import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ConnectionId, customerIdOf, TenantId } from '#shared/domain/ids.ts';
import { seeded } from '../bench/grading-model.ts';
import { faultyDynamoDb } from '../kit/faulty-dynamodb.ts';
import { sendShop, signShop } from '../kit/shop-workspace.ts';
import { freshClient } from './dynamodb-table.ts';
import { openRankedWorkers } from './ranked-workers.ts';

const tenant = TenantId.parse('default');
const now = Date.now() - 60_000;
const random = seeded(41);
const draw = (below: number): number => Math.floor(random() * below);

const shops = Array.from({ length: 40 }, (_, i) => ({
  id: `s${i}`,
  customer: customerIdOf('account', ConnectionId.parse('shop'), `s${i}`),
  region: i % 3 === 0 ? 'south' : 'north',
  /** By invoice; some buy for the same. */
  sales: [draw(8) * 100, draw(8) * 100],
}));
type Shop = (typeof shops)[number];

let version = 0;
const nextVersion = (): number => now + (version += 1_000);

const accountOf = ({ id, region }: Shop) => ({
  type: 'customer',
  id,
  name: `Shop ${id}`,
  region,
  changedAt: nextVersion(),
});
const invoiceOf = (shop: Shop, number: number) => ({
  ...{ type: 'invoice', id: `${shop.id}-${number}`, customer: shop.id, amount: String(shop.sales[number]) },
  ...{ paidAt: now, changedAt: nextVersion() },
});

/** With a sheet of paper. */
const gradesFromScratch = (): Readonly<Record<string, string>> => {
  const graded = ['north', 'south'].flatMap((region) => {
    const worthOf = ({ sales }: Shop): number => sales.reduce((sum, each) => sum + each, 0);
    const ranked = shops
      .filter((shop) => shop.region === region)
      .sort((a, b) => worthOf(b) - worthOf(a) || (a.customer < b.customer ? -1 : 1));
    const [a, b] = [Math.ceil(ranked.length / 5), Math.ceil(ranked.length / 2)];
    return ranked.map(({ id }, place) => [id, place < a ? 'A' : place < b ? 'B' : 'C'] as const);
  });
  return Object.fromEntries(graded.sort());
};

const open = async () => {
  const { start, reader, customers } = await openRankedWorkers('ranked');
  const grades = async () => {
    const states = await customers.findAll(
      tenant,
      shops.map(({ customer }) => customer),
    );
    return Object.fromEntries(
      shops.map(({ id, customer }) => [id, states.get(customer)?.grades['shop-abc']?.grade] as const).sort(),
    );
  };
  /** Nothing is on its way, and was not a moment ago either. */
  const rest = async (): Promise<void> => {
    const end = Date.now() + 60_000;
    for (let calm = 0; calm < 3; ) {
      if (Date.now() > end) throw new Error('it does not come to rest');
      await pause(300);
      const { accounts, positions } = await reader.readStatus();
      const isCalm =
        positions?.every(({ lag }) => lag === 0) === true && accounts.every(({ waiting }) => waiting === 0);
      calm = isCalm ? calm + 1 : 0;
    }
  };
  return { start, reader, grades, rest };
};

it('ranks customers on Kafka and DynamoDB as from scratch, while workers come, go and fail', {
  timeout: 180_000,
}, async () => {
  const { start, reader, grades, rest } = await open();
  const first = await start();
  const faulty = freshClient();
  faultyDynamoDb(faulty, { rate: 0.05, random: seeded(7) });
  const second = await start({ dynamoDb: faulty });
  const send = async (records: readonly unknown[]): Promise<void> => {
    expect((await sendShop(first.url, signShop(records))).status).toBe(200);
  };

  for (const shop of shops) await send([accountOf(shop), invoiceOf(shop, 0), invoiceOf(shop, 1)]);
  await rest();
  expect(await grades()).toEqual(gradesFromScratch());

  for (let change = 0; change < 120; change += 1) {
    const shop = shops[draw(shops.length)]!;
    const number = draw(2);
    if (random() < 0.2) {
      shop.region = shop.region === 'north' ? 'south' : 'north';
      await send([accountOf(shop)]);
    } else {
      shop.sales[number] = draw(12) * 100;
      await send([invoiceOf(shop, number)]);
    }
    if (change === 60) await second.stop();
  }
  await rest();
  expect(await grades()).toEqual(gradesFromScratch());
  for (const { customer } of shops) expect((await reader.verify(customer)).faults).toEqual([]);
  const { cohorts } = await reader.listCohorts(undefined, 10);
  expect(cohorts.reduce((sum, { members }) => sum + members, 0)).toBe(shops.length);
  for (const { cohort, members } of cohorts)
    expect(await reader.auditCohort(cohort, () => undefined)).toEqual({ outcome: 'exact', members });
});
