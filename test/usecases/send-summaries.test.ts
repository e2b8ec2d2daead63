import { describe, expect, it } from 'vitest';
import { memoryActionStore } from '#shared/adapters/memory/action-store.ts';
import { sqliteActionStore } from '#shared/adapters/sqlite/action-store.ts';
import { actionSchema } from '#shared/adapters/sqlite/action-store-rows.ts';
import type { Delivery } from '#shared/domain/delivery.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import { untilSummary } from '#shared/domain/model-alerts.ts';
import type { ActionStore } from '#shared/ports/action-store.ts';
import { sendSummaries } from '#shared/usecases/send-summaries.ts';
import { openTemporary } from '../adapters/sqlite/open-temporary.ts';
import { alertOf, blank, noon, sha256, tenant } from '../contract/action-samples.ts';

const customer = (n: number) => `account:zoho-eu:${n}` as CustomerId;
const alert = (n: number, recipient: string, isHeld: boolean): Delivery =>
  alertOf(`alert ${n}`, [recipient], {
    customer: customer(n),
    channel: 'mail',
    ...(isHeld ? { dueAt: untilSummary } : {}),
  });

const stores: readonly (readonly [string, () => ActionStore])[] = [
  ['memory', memoryActionStore],
  ['SQLite', () => sqliteActionStore(openTemporary(actionSchema).db, tenant)],
];

describe.each(stores)('summaries of a change of model on %s', (_, open) => {
  const opened = async (deliveries: readonly Delivery[]) => {
    const actions = open();
    await actions.commitAll(
      deliveries.map((each) => ({ next: { ...blank, customer: each.customer, version: 1 }, deliveries: [each] })),
      noon,
    );
    const channels = { mail: { digestBy: 'recipient' as const }, hook: { digestBy: 'never' as const } };
    const send = sendSummaries({ actions, channels, language: 'en', hash: sha256 });
    const due = async () => {
      const claimed = await actions.claimSending({ channel: 'mail', wallNow: noon, limit: 100 });
      return claimed.map(({ content }) => ('title' in content ? [content.title, content.recipients.join()] : []));
    };
    return { actions, send, due };
  };

  it('go to each recipient once, and leave what is sent by itself alone', async () => {
    const { actions, send, due } = await opened([
      ...[1, 2, 3].map((n) => alert(n, 'ann', true)),
      alert(4, 'bob', true),
      alert(5, 'ann', false),
    ]);
    await send();
    expect((await due()).sort()).toEqual([
      ['A new grading model changed 1 grade', 'bob'],
      ['A new grading model changed 3 grades', 'ann'],
      ['alert 5', 'ann'],
    ]);
    const counts = await actions.countDeliveries();
    expect(counts.find(({ status }) => status === 'digested')?.deliveries).toBe(4);
    await send();
    expect(await due()).toEqual([]);
  });

  it('keep the alerts back until they are sent, and find those behind many others', async () => {
    const others = Array.from({ length: 2_010 }, (_each, n) => alert(n + 100, 'ann', false));
    const { actions, send } = await opened([...others, alert(1, 'ann', true), alert(2, 'ann', true)]);
    await send();
    const waiting = await actions.findWaitingAlerts('mail', 10_000);
    expect(waiting).toHaveLength(2_010);
    expect(waiting.every(({ dueAt }) => dueAt === 0)).toBe(true);
  }, 30_000);
});
