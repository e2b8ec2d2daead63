import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openPublishing } from '#infra/node/open-publishing.ts';
import { ConnectionId, customerIdOf, TenantId } from '#shared/domain/ids.ts';
import { rankedShopModel, sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { openRankedWorkers } from './ranked-workers.ts';

const tenant = TenantId.parse('default');
const now = Date.now() - 600_000;
const sales = new Map(Array.from({ length: 20 }, (_, i) => [`s${String(i).padStart(2, '0')}`, (i + 1) * 10]));
const customerOf = (id: string) => customerIdOf('account', ConnectionId.parse('shop'), id);
const wider = {
  ...rankedShopModel,
  version: 2,
  partitions: [],
  cutoffs: { ...rankedShopModel.cutoffs, upTo: { A: 0.5, B: 0.75 } },
};

/** With a sheet of paper: all are of one region. */
const gradesFromScratch = (a: number, b: number): Readonly<Record<string, string>> => {
  const ranked = [...sales].sort(([x, one], [y, two]) => two - one || (x < y ? -1 : 1));
  const gradeAt = (place: number): string =>
    place < Math.ceil(ranked.length * a) ? 'A' : place < Math.ceil(ranked.length * b) ? 'B' : 'C';
  return Object.fromEntries(ranked.map(([id], place) => [id, gradeAt(place)] as const).sort());
};

let version = 0;
const told = (id: string, amount: number): readonly unknown[] => {
  version += 1_000;
  const changedAt = now + version;
  return [
    { type: 'customer', id, name: `Shop ${id}`, region: 'north', changedAt },
    { type: 'invoice', id: `i-${id}`, customer: id, amount: String(amount), paidAt: now, changedAt },
  ];
};

const open = async () => {
  const { loaded, engine, start, reader, customers } = await openRankedWorkers('publish');
  const publishing = await openPublishing(loaded, engine);
  onTestFinished(() => publishing.close());
  const states = () => customers.findAll(tenant, [...sales.keys()].map(customerOf));
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    const end = Date.now() + 90_000;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('it does not come to rest');
      await pause(300);
    }
  };
  let calm = 0;
  return {
    ...{ start, publishing, states, customers, reader },
    grades: async () => {
      const found = await states();
      return Object.fromEntries(
        [...sales.keys()].map((id) => [id, found.get(customerOf(id))?.grades['shop-abc']?.grade] as const).sort(),
      );
    },
    rest: () =>
      until(async () => {
        const { positions, accounts, models } = await reader.readStatus();
        const isCalm =
          positions?.every(({ lag }) => lag === 0) === true && accounts.every(({ waiting }) => waiting === 0);
        calm = isCalm && models !== undefined && models.building === undefined ? calm + 1 : 0;
        return calm >= 3;
      }),
  };
};

it('publishes and goes back on Kafka and DynamoDB, with two workers and live events', {
  timeout: 240_000,
}, async () => {
  const { start, publishing, grades, rest, states, customers } = await open();
  const first = await start();
  const second = await start();
  const send = async (url: string, records: readonly unknown[]): Promise<void> => {
    expect((await sendShop(url, signShop(records))).status).toBe(200);
  };
  for (const [id, amount] of sales) await send(first.url, told(id, amount));
  await rest();
  expect(await grades()).toEqual(gradesFromScratch(0.2, 0.5));

  const models = [shopWorkspace({ folder: '/', model: wider }).models[0]?.model];
  const asked = { by: 'Ann', why: 'wider', alerts: 'suppress' as const };
  expect(await publishing.publish({ ...asked, command: 'publish', whole: true, models })).toEqual({
    outcome: 'begun',
    epoch: 2,
  });
  for (let i = 0; i < 30; i += 1) {
    const id = `s${String((i * 7) % 23).padStart(2, '0')}`;
    sales.set(id, 15 + ((i * 37) % 400));
    await send(i % 2 === 0 ? first.url : second.url, told(id, sales.get(id) ?? 0));
    await pause(700);
  }
  await rest();
  expect(await grades()).toEqual(gradesFromScratch(0.5, 0.75));
  for (const [customer, { epoch }] of await states()) {
    expect(epoch).toBe(2);
    const entries = await customers.readLedger(tenant, customer);
    expect(entries.filter(({ body }) => body?.cause.type === 'model').length).toBeLessThanOrEqual(1);
  }

  expect(await publishing.publish({ ...asked, command: 'rollback' })).toEqual({ outcome: 'begun', epoch: 3 });
  await rest();
  expect(await grades()).toEqual(gradesFromScratch(0.2, 0.5));
});
