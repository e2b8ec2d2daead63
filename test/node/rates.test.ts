import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '#infra/cli/main.ts';
import { openDeadDesk } from '#infra/node/open-dead-desk.ts';
import { openEngine } from '#infra/node/open-engine.ts';
import { startNode } from '#infra/node/start-node.ts';
import type { LoadedWorkspace } from '#infra/node/workspace/load-workspace.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { simulatedClock } from '#shared/runtime/clocks.ts';
import { fakeContext } from '../cli/fake-context.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { secrets, type TemporaryWorkspace, temporaryWorkspace } from './workspace/temporary-workspace.ts';

const tenant = TenantId.parse('default');
const ann = CustomerId.parse('account:shop:42');
const clock = simulatedClock(Date.parse('2026-04-08T12:00:00Z'));

const invoice = { type: 'invoice', id: 'i1', customer: { id: '42' }, status: 'paid', paidAt: '2026-04-07T09:00:00Z' };

const load = async (workspace: TemporaryWorkspace): Promise<LoadedWorkspace> => {
  const loading = await workspace.load();
  if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
  return loading.loaded;
};

/** Starts a node on the workspace as its files are now, lets it work, and stops it; its health at the end. */
const runNode = async (workspace: TemporaryWorkspace, ...records: readonly object[]) => {
  const node = await startNode(await load(workspace), { clock, log: quietLog() });
  try {
    for (const record of records) await send(node.url, JSON.stringify(record));
    await node.idle();
    const health = (await (await fetch(`${node.url}/health`)).json()) as { connections: Record<string, unknown>[] };
    return health.connections[0];
  } finally {
    await node.stop();
  }
};

const send = async (url: string, body: string): Promise<void> => {
  const digest = createHmac('sha256', secrets.SHOP_WEBHOOK_SECRET).update(body).digest('hex');
  const headers = { 'content-type': 'application/json', 'x-signature': `sha256=${digest}` };
  expect((await fetch(`${url}/hooks/generic/shop`, { method: 'POST', headers, body })).status).toBe(200);
};

/** What the store says about the customer. */
const storedFacts = async (workspace: TemporaryWorkspace) => {
  const engine = openEngine({ folder: join(workspace.folder, '.regrade'), tenant, clock, onFatal: () => undefined });
  try {
    const state = (await engine.customers.findAll(tenant, [ann])).get(ann);
    return [...(state?.records.values() ?? [])].flatMap(({ facts }) => facts);
  } finally {
    engine.close();
  }
};

const replay = async (workspace: TemporaryWorkspace): Promise<string> => {
  const terminal = fakeContext({ openDeadDesk });
  const argv = ['dead', 'replay', '--reason', 'currency-without-rate', '--workspace', workspace.file];
  expect(await main(argv, terminal.context)).toBe(0);
  return terminal.out;
};

const open = async (): Promise<TemporaryWorkspace> => {
  for (const [name, value] of Object.entries(secrets)) process.env[name] = value;
  const workspace = await temporaryWorkspace();
  await workspace.change('regrade.yaml', 'port: 8787', 'port: 0');
  return workspace;
};

describe('a node that meets another currency', () => {
  it('puts the amount aside until the rates have it, and counts it once it is sent again', async () => {
    const workspace = await open();
    await workspace.change('regrade.yaml', 'currency: GBP\n#', 'currency: GBP\nrates: rates.csv\n#');
    await workspace.write('rates.csv', 'Date,USD,GBP\n2026-03-30,1.25,0.8388\n');
    const dead = await runNode(workspace, { ...invoice, amount: '1000.00', currency: 'USD' });
    expect(dead).toMatchObject({ received: 1, dead: { 'currency-without-rate': 1 }, balanced: true });
    expect(await storedFacts(workspace)).toEqual([]);

    await workspace.write('rates.csv', 'Date,USD,GBP\n2026-04-07,1.1956,0.8410\n2026-03-30,1.25,0.8388\n');
    expect(await replay(workspace)).toContain('1');
    expect(await runNode(workspace)).toMatchObject({ resolved: 1, waiting: 0, balanced: true });
    expect(await storedFacts(workspace)).toEqual([
      {
        type: 'invoice.paid',
        at: Date.parse(invoice.paidAt),
        amount: { units: 70_341, scale: 2, currency: 'GBP' },
        converted: {
          told: { units: 1_000, scale: 0, currency: 'USD' },
          rate: { numerator: 0.841, denominator: 1.1956 },
          rateDate: '2026-04-07',
        },
      },
    ]);
  });

  it('takes a refund back at the rate of its sale, and nothing is left of the two', async () => {
    const workspace = await open();
    await workspace.change('regrade.yaml', 'currency: GBP\n#', 'currency: GBP\nrates: rates.csv\n#');
    await workspace.write('rates.csv', 'Date,USD,GBP\n2026-04-07,1.1956,0.8410\n2026-03-30,1.25,0.8388\n');
    const sale = { ...invoice, amount: '80', currency: 'USD', paidAt: '2026-03-30T09:00:00Z' };
    await runNode(workspace, sale, {
      ...sale,
      ...{ id: 'i2', status: 'refunded', amount: '-80', refundedAt: '2026-04-07T09:00:00Z' },
    });
    const facts = await storedFacts(workspace);
    expect(facts.map(({ type, amount }) => [type, amount?.units]).sort()).toEqual([
      ['invoice.paid', 5_368],
      ['invoice.refunded', 5_368],
    ]);
  });

  it('reads minor units and times without an offset the way the connection writes them', async () => {
    const workspace = await open();
    const habits = 'vendor: generic\n    timezone: Asia/Tokyo\n    minorUnits: { GBP: 3 }\n';
    await workspace.change('regrade.yaml', 'vendor: generic\n', habits);
    const [from, to] = ['at: paidAt\n            amount: amount', 'at: paidAt\n            amountIn: minor'];
    await workspace.change('regrade.yaml', from, `${to}\n            amount: amount`);
    await runNode(workspace, { ...invoice, paidAt: '2026-04-07T09:00:00', amount: 12_345, currency: 'GBP' });
    expect(await storedFacts(workspace)).toEqual([
      {
        type: 'invoice.paid',
        at: Date.parse('2026-04-07T00:00:00Z'),
        amount: { units: 12_345, scale: 3, currency: 'GBP' },
      },
    ]);
  });
});
