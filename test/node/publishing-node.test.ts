import { expect, it, onTestFinished } from 'vitest';
import { openPublishing } from '#infra/node/open-publishing.ts';
import { openSqliteReader } from '#infra/node/readers/open-sqlite-reader.ts';
import { startNode } from '#infra/node/start-node.ts';
import type { LoadedWorkspace } from '#infra/node/workspace/load-workspace.ts';
import { ConnectionId, customerIdOf } from '#shared/domain/ids.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { rankedShopModel, sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const now = Date.now() - 60_000;
const shop = ConnectionId.parse('shop');
const ids = ['1', '2', '3', '4', '5', '6'];
const records = ids.flatMap((id) => [
  { type: 'customer', id, name: `Shop ${id}`, region: 'north', changedAt: now },
  { type: 'invoice', id: `i${id}`, customer: id, amount: String(Number(id) * 10), paidAt: now, changedAt: now },
]);
const wider = { ...rankedShopModel, version: 2, cutoffs: { ...rankedShopModel.cutoffs, upTo: { A: 0.5, B: 0.7 } } };
const asked = { by: 'Ann', why: 'wider', alerts: 'send' as const };

const gradesIn = async (loaded: LoadedWorkspace): Promise<string> => {
  const reader = await openSqliteReader(loaded);
  try {
    const views = await Promise.all(ids.map((id) => reader.readCustomer(customerIdOf('account', shop, id))));
    for (const id of ids)
      expect(await reader.verify(customerIdOf('account', shop, id))).toMatchObject({ undecided: 0, faults: [] });
    return views.map((view) => view?.grades[0]?.grade).join('');
  } finally {
    reader.close();
  }
};

const started = async (loaded: LoadedWorkspace) => {
  const log = quietLog();
  const node = await startNode(loaded, { log });
  let isRunning = true;
  const stop = async (): Promise<void> => {
    if (isRunning) await node.stop();
    isRunning = false;
  };
  onTestFinished(stop);
  return { node, stop, log };
};

it('publishes, goes back and proves it on one machine, through the node that runs', async () => {
  const folder = temporaryFolder();
  const loaded = shopWorkspace({ folder, model: rankedShopModel });
  const { node, stop } = await started(loaded);
  expect((await sendShop(node.url, signShop(records))).status).toBe(200);
  await node.idle();
  expect(await gradesIn(loaded)).toBe('CCCBAA');

  const publishing = await openPublishing(loaded);
  onTestFinished(() => publishing.close());
  expect(publishing.carriedBy).toBe('running');
  const publish = { ...asked, command: 'publish' as const, whole: true };
  expect(
    await publishing.publish({ ...publish, models: [shopWorkspace({ folder, model: wider }).models[0]?.model] }),
  ).toEqual({
    outcome: 'begun',
    epoch: 2,
  });
  await node.idle();
  expect(await gradesIn(loaded)).toBe('CBBAAA');
  expect(await publishing.publish({ ...publish, models: [{ id: 'nonsense' }] })).toMatchObject({
    outcome: 'unreadable',
  });

  expect(await publishing.publish({ ...asked, command: 'rollback' })).toEqual({ outcome: 'begun', epoch: 3 });
  await node.idle();
  expect(await gradesIn(loaded)).toBe('CCCBAA');
  await stop();
});

it('publishes an edited file at the next start, once, and not without a new version', async () => {
  const folder = temporaryFolder();
  const loaded = shopWorkspace({ folder, model: rankedShopModel });
  const first = await started(loaded);
  await sendShop(first.node.url, signShop(records));
  await first.node.idle();
  await first.stop();

  const same = shopWorkspace({ folder, model: { ...wider, version: 1 } });
  const refused = await started(same);
  await refused.node.idle();
  expect(await gradesIn(same)).toBe('CCCBAA');
  expect(JSON.stringify(refused.log.lines)).toContain(
    'was published with another content: raise `version` in its file',
  );
  await refused.stop();

  const edited = shopWorkspace({ folder, model: wider });
  const second = await started(edited);
  await second.node.idle();
  expect(await gradesIn(edited)).toBe('CBBAAA');
  const reader = await openSqliteReader(edited);
  onTestFinished(() => reader.close());
  expect((await reader.readModels()).pointer).toMatchObject({
    live: { epoch: 2, by: 'start', why: 'model file edited' },
  });
  await second.stop();

  // a node that does not run is published to all the same: the next start carries it out
  const publishing = await openPublishing(edited);
  expect(publishing.carriedBy).toBe('next-start');
  expect(await publishing.publish({ ...asked, command: 'rollback' })).toEqual({ outcome: 'begun', epoch: 3 });
  await publishing.close();
  const third = await started(edited);
  await third.node.idle();
  expect(await gradesIn(edited)).toBe('CCCBAA');
});
