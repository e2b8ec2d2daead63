import { describe, expect, it, onTestFinished } from 'vitest';
import { type RunningNode, startNode } from '#infra/node/start-node.ts';
import { type SimulatedClock, simulatedClock } from '#shared/runtime/clocks.ts';
import { type AlertServer, startAlertServer } from '../kit/alert-server.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 10, 12);

interface Ground {
  readonly node: RunningNode;
  readonly alerts: AlertServer;
  readonly clock: SimulatedClock;
  readonly folder: string;
  readonly again: () => Promise<RunningNode>;
}

const settings = (url: string, folder: string, settle?: unknown) => ({
  folder,
  channels: { managers: { type: 'standard-webhook', url, secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }] } },
  rules: [
    {
      id: 'every-change',
      when: {},
      ...(settle === undefined ? {} : { settle }),
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
  ],
});

const startGround = async (settle?: unknown): Promise<Ground> => {
  const alerts = await startAlertServer();
  const folder = temporaryFolder();
  const clock = simulatedClock(start);
  const loaded = shopWorkspace(settings(alerts.url, folder, settle));
  const again = () => startNode(loaded, { clock, log: quietLog() });
  const node = await again();
  onTestFinished(() => alerts.stop());
  return { node, alerts, clock, folder, again };
};

const customer = (id: string, changedAt: number) => ({ type: 'customer', id, name: `Customer ${id}`, changedAt });
const invoice = (id: string, of: string, amount: number, paidAt: number, changedAt = paidAt) => ({
  type: 'invoice',
  id,
  customer: of,
  amount: String(amount),
  paidAt,
  changedAt,
});

describe('the pipeline on one machine', () => {
  it('goes from a signed webhook to a graded customer, a ledger entry and one delivered alert', async () => {
    const { node, alerts } = await startGround();
    onTestFinished(() => node.stop());
    const response = await sendShop(node.url, signShop([customer('1', start), invoice('i1', '1', 250, start)]));
    expect(response.status).toBe(200);
    await node.idle();
    const grades = alerts.heard.map(({ body }) => [body.data['from'], body.data['to']]);
    expect(grades.at(-1)?.[1]).toBe('B');
    const health = (await (await fetch(`${node.url}/health`)).json()) as { connections: Record<string, unknown>[] };
    expect(health.connections[0]).toMatchObject({
      connection: 'shop',
      received: 2,
      resolved: 2,
      waiting: 0,
      balanced: true,
    });
  });

  it('re-grades at the instant a window lapses, though nothing happens', async () => {
    const { node, alerts, clock } = await startGround();
    onTestFinished(() => node.stop());
    await sendShop(node.url, signShop([customer('1', start), invoice('i1', '1', 250, start)]));
    await node.idle();
    clock.advanceTo(start + 30 * day - 1);
    await node.idle();
    const before = alerts.heard.length;
    clock.advanceTo(start + 30 * day + 1_000);
    await node.idle();
    expect(alerts.heard.slice(before).map(({ body }) => [body.data['from'], body.data['to']])).toEqual([['B', 'C']]);
  });

  it('goes on after a stop where it was, and says nothing twice', async () => {
    const { node, alerts, again } = await startGround();
    await sendShop(node.url, signShop([customer('1', start), invoice('i1', '1', 250, start)]));
    await node.stop();
    const second = await again();
    onTestFinished(() => second.stop());
    await sendShop(second.url, signShop([customer('1', start), invoice('i1', '1', 250, start)]));
    await second.idle();
    const ids = alerts.heard.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(alerts.heard.at(-1)?.body.data['to']).toBe('B');
  });

  it('refuses a second node on the same store', async () => {
    const { node, again } = await startGround();
    onTestFinished(() => node.stop());
    await expect(again()).rejects.toMatchObject({ code: 'STORE_IN_USE', retryable: false });
  });
});
