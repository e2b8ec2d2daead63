import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { secrets, temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { runRegrade, spawnRegrade } from './run-regrade.ts';

const invoice = JSON.stringify({
  type: 'invoice',
  id: 'inv-1001',
  customer: { id: '42' },
  status: 'paid',
  paidAt: '2026-03-02T09:00:00Z',
  amount: '12500.00',
  currency: 'GBP',
  orderId: 'o-1',
});

/** Runs `regrade start` until it tells where it listens. */
const startNode = async (folder: string) => {
  const child = spawnRegrade(['start'], { folder, environment: secrets });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.resume();
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /listens on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
    said.push(line);
  }
  throw new Error(`the node ended before it listened: ${said.join('; ')}`);
};

const send = (url: string, body: string): Promise<Response> =>
  fetch(`${url}/hooks/generic/shop`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-signature': `sha256=${createHmac('sha256', secrets.SHOP_WEBHOOK_SECRET).update(body).digest('hex')}`,
    },
    body,
  });

describe('regrade start', () => {
  it('takes a signed webhook, and others can look while it runs; a signal ends it in order', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change('regrade.yaml', 'port: 8787', 'port: 0');
    const { child, url } = await startNode(workspace.folder);
    expect((await send(url, invoice)).status).toBe(200);
    const look = (...argv: string[]) => runRegrade(argv, { folder: workspace.folder, environment: secrets });

    await expect.poll(async () => (await look('explain', 'account:shop:42')).out, { timeout: 60_000 }).toContain('→ B');
    const status = await look('status');
    expect(status).toMatchObject({ code: 0, out: expect.stringContaining('BALANCED') as string });
    expect(await look('verify')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Every chain is whole') as string,
    });

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }, 90_000);

  it('refuses a second node on the same store', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change('regrade.yaml', 'port: 8787', 'port: 0');
    await startNode(workspace.folder);
    const second = await runRegrade(['start'], { folder: workspace.folder, environment: secrets });
    expect(second.code).toBe(1);
    expect(second.err).toMatch(/^regrade: another node is running/m);
  }, 90_000);
});
