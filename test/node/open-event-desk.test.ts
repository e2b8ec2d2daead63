import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sendCommand } from '#infra/cli/send-command.ts';
import { serveControl } from '#infra/node/control-socket.ts';
import { openEngine } from '#infra/node/open-engine.ts';
import { openEventDesk } from '#infra/node/open-event-desk.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import type { Received } from '#shared/ports/stream.ts';
import { handClock } from '../kit/hand-clock.ts';
import { nothingToPublish } from '../kit/nothing-to-publish.ts';
import { plantStart } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const tenant = TenantId.parse('default');
const customer = CustomerId.parse('account:shop:1');
const cleared = { kind: 'hold.cleared', tenant, customer, command: 'c1', by: 'ann', why: 'signed' } as const;

const openNode = (loaded: ReturnType<typeof shopWorkspace>) =>
  openEngine({
    folder: join(loaded.folder, 'data'),
    tenant,
    clock: handClock(plantStart),
    onFatal: () => undefined,
  });

/** What graders are given, once there is something. */
const heard = async (engine: ReturnType<typeof openNode>): Promise<Received> => {
  let tell: (record: Received) => void = () => undefined;
  const first = new Promise<Received>((resolve) => (tell = resolve));
  const subscription = { topic: topics.events, group: groups.gradeCustomers, batchSize: 5 };
  const reading = await engine.stream.subscribe(subscription, async ([record]) => {
    if (record !== undefined) tell(record);
  });
  const record = await first;
  await reading.stop();
  return record;
};

describe('a command about a customer of the embedded engine', () => {
  it('goes through the node that runs on the store, once for each time it is sent', async () => {
    const loaded = shopWorkspace({ folder: temporaryFolder() });
    const engine = openNode(loaded);
    const control = await serveControl(engine.file, {
      stream: engine.replay,
      publish: nothingToPublish,
      log: quietLog(),
    });
    onTestFinished(async () => {
      await control.stop();
      engine.close();
    });
    const desk = await openEventDesk(loaded);
    await sendCommand(desk, cleared, cleared.command);
    await desk.close();
    const { key, value } = await heard(engine);
    expect(key).toBe(customer);
    expect(JSON.parse(value)).toMatchObject({ id: 'c1', type: 'regrade.hold.cleared', data: cleared });
  });

  it('waits in the store where none runs, which no node may open meanwhile', async () => {
    const loaded = shopWorkspace({ folder: temporaryFolder() });
    openNode(loaded).close();
    const desk = await openEventDesk(loaded);
    await expect(openEventDesk(loaded)).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    await sendCommand(desk, cleared, cleared.command);
    await desk.close();
    const engine = openNode(loaded);
    onTestFinished(() => engine.close());
    expect(JSON.parse((await heard(engine)).value)).toMatchObject({ data: cleared });
  });

  it('has nowhere to go before there is a store', async () => {
    const loaded = shopWorkspace({ folder: temporaryFolder() });
    await expect(openEventDesk(loaded)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: false });
  });
});
