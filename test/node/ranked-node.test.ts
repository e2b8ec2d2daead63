import { expect, it, onTestFinished } from 'vitest';
import { openSqliteReader } from '#infra/node/readers/open-sqlite-reader.ts';
import { startNode } from '#infra/node/start-node.ts';
import { ConnectionId, customerIdOf } from '#shared/domain/ids.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { rankedShopModel, sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const now = Date.now() - 60_000;
const shop = ConnectionId.parse('shop');
const account = (id: string) => ({ type: 'customer', id, name: `Shop ${id}`, region: 'north', changedAt: now });
const invoice = (id: string, of: string, amount: number) => ({
  ...{ type: 'invoice', id, customer: of, amount: String(amount), paidAt: now, changedAt: now },
});

it('ranks customers on one machine, and proves it while it runs', async () => {
  const loaded = shopWorkspace({ folder: temporaryFolder(), model: rankedShopModel });
  const node = await startNode(loaded, { log: quietLog() });
  onTestFinished(() => node.stop());
  const send = async (records: readonly unknown[]): Promise<void> => {
    expect((await sendShop(node.url, signShop(records))).status).toBe(200);
    await node.idle();
  };
  const ids = ['1', '2', '3', '4', '5', '6'];
  await send(ids.flatMap((id) => [account(id), invoice(`i${id}`, id, Number(id) * 10)]));
  const reader = await openSqliteReader(loaded);
  onTestFinished(() => reader.close());
  const grades = async () =>
    Promise.all(
      ids.map(async (id) => (await reader.readCustomer(customerIdOf('account', shop, id)))?.grades[0]?.grade),
    );
  // the best fifth of six is two
  expect(await grades()).toEqual(['C', 'C', 'C', 'B', 'A', 'A']);
  await send([invoice('more', '1', 1_000)]);
  expect(await grades()).toEqual(['A', 'C', 'C', 'C', 'B', 'A']);

  const { cohorts } = await reader.listCohorts(undefined, 10);
  expect(cohorts).toMatchObject([{ members: 6 }]);
  let rows = 0;
  const audit = await reader.auditCohort(cohorts[0]!.cohort, (read) => void (rows += read));
  expect(audit).toEqual({ outcome: 'exact', members: 6 });
  expect(rows).toBeGreaterThan(0);
});
