import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serveControl } from '#infra/node/control-socket.ts';
import { openDeadDesk } from '#infra/node/open-dead-desk.ts';
import { openEngine } from '#infra/node/open-engine.ts';
import { topics } from '#shared/definitions/topics.ts';
import { encodeReplayNote } from '#shared/domain/dead-record.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { all } from '../kit/dead-bench.ts';
import { handClock } from '../kit/hand-clock.ts';
import { nothingToPublish } from '../kit/nothing-to-publish.ts';
import { plantStart } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const tenant = TenantId.parse('default');

/** The store of a workspace, as a node has it open. */
const node = async () => {
  const loaded = shopWorkspace({ folder: temporaryFolder() });
  const clock = handClock(plantStart);
  const engine = openEngine({ folder: join(loaded.folder, 'data'), tenant, clock, onFatal: () => undefined });
  await engine.replay.append(topics.dead, [{ key: 'k', value: 'x' }]);
  const control = await serveControl(engine.file, {
    stream: engine.replay,
    publish: nothingToPublish,
    log: quietLog(),
  });
  const stop = async (): Promise<void> => {
    await control.stop();
    engine.close();
  };
  return { loaded, engine, stop };
};

const desk = async (loaded: Awaited<ReturnType<typeof node>>['loaded']) => {
  const opened = await openDeadDesk(loaded);
  onTestFinished(() => opened.close());
  return opened;
};

describe('the dead letters of the embedded engine', () => {
  it('are read while a node runs, and sent again through it', async () => {
    const { loaded, engine, stop } = await node();
    const { letters, openSending } = await desk(loaded);
    expect(await all(letters.read())).toMatchObject([{ value: 'x', at: plantStart }]);
    const sending = await openSending();
    await sending.stream.append(topics.webhooks, [{ key: 'shop/invoice/1', value: '{}' }]);
    await sending.close();
    expect(await engine.records.readAccounts(tenant)).toMatchObject([{ received: 1, waiting: 1 }]);
    await stop();
  });

  it('are sent again into the store where no node runs', async () => {
    const { loaded, engine, stop } = await node();
    await engine.memory.remember('business-time', String(plantStart + 5));
    await stop();
    const { letters, openSending, businessNow } = await desk(loaded);
    expect(businessNow()).toBe(plantStart + 5);
    const sending = await openSending();
    await expect(openSending()).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await sending.stream.append(topics.dead, [{ key: 'k', value: encodeReplayNote({ of: 'a', at: businessNow() }) }]);
    await sending.close();
    expect((await all(letters.read())).map(({ at }) => at)).toEqual([plantStart, plantStart + 5]);
  });

  it('are not there before there is a store', async () => {
    const loaded = shopWorkspace({ folder: temporaryFolder() });
    await expect(openDeadDesk(loaded)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: false });
  });
});
