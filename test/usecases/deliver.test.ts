import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryActionStore } from '../../shared/adapters/memory/action-store.ts';
import type { Delivery, SendResult } from '../../shared/domain/delivery.ts';
import type { CustomerId } from '../../shared/domain/ids.ts';
import type { Channel } from '../../shared/ports/channel.ts';
import { deliver } from '../../shared/usecases/deliver.ts';
import { alertOf, blank, deliveryOf, noon, sha256 } from '../contract/action-samples.ts';

const minute = 60_000;
type Answer = SendResult | Error | Promise<SendResult>;

/** A channel that answers what it is told, and remembers what it was given. */
const channelOf = (answers: Answer | ((delivery: Delivery) => Answer), more: Partial<Channel> = {}) => {
  const given: Delivery[] = [];
  const channel: Channel = {
    keyed: false,
    onUnknown: 'resend',
    concurrency: 4,
    digestBy: 'never',
    send: async (delivery) => {
      given.push(delivery);
      const answer = await (typeof answers === 'function' ? answers(delivery) : answers);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...more,
  };
  return { given, channel };
};

const open = async (channels: Record<string, Channel>, deliveries: readonly Delivery[]) => {
  const actions = memoryActionStore();
  const customers = [...new Set(deliveries.map(({ customer }) => customer))];
  await actions.commitAll(
    customers.map((customer) => ({
      next: { ...blank, customer, version: 1 },
      deliveries: deliveries.filter((each) => each.customer === customer),
    })),
    noon,
  );
  const clock = { now: noon, wallNow: () => clock.now };
  const delivering = deliver({ actions, channels, clock, language: 'en', random: () => 0.5, hash: sha256 });
  const find = async (id: string) => (await actions.findDeliveries([id]))[0];
  return { actions, clock, delivering, find };
};

const customer = (n: number) => `account:zoho-eu:${n}` as CustomerId;
const crowd = (count: number) =>
  Array.from({ length: count }, (_, n) => alertOf(`crowd ${n}`, ['x'], { customer: customer(n) }));
const delivered = { outcome: 'delivered' } as const;
const a = deliveryOf('a');

describe('delivering', () => {
  it('sends what it is given, on the channels of these only', async () => {
    const [team, mail] = [channelOf(delivered), channelOf(delivered)];
    const { delivering, find } = await open({ team: team.channel, mail: mail.channel }, [
      a,
      deliveryOf('m', { channel: 'mail' }),
    ]);
    await delivering.sendOn([a.channel]);
    expect([team.given.length, mail.given.length]).toEqual([1, 0]);
    expect(await find(a.id)).toMatchObject({ status: 'delivered', attempts: 1 });
    await delivering.sendDue();
    expect(mail.given).toHaveLength(1);
  });

  it('has stored the attempt before it is made', async () => {
    let seen: string | undefined;
    const { channel } = channelOf(delivered);
    const { delivering, actions } = await open(
      {
        team: {
          ...channel,
          send: async ({ id }) => {
            seen = (await actions.findDeliveries([id]))[0]?.status;
            return delivered;
          },
        },
      },
      [a],
    );
    await delivering.sendOn([a.channel]);
    expect(seen).toBe('sending');
  });

  it.each<[string, Answer, Partial<Channel>, object]>([
    [
      'retries later',
      { outcome: 'retry', reason: 'busy' },
      {},
      { status: 'retry', dueAt: noon + 5_000, lastError: 'busy' },
    ],
    [
      'waits as long as it is asked to',
      { outcome: 'retry', reason: 'busy', afterMs: minute },
      {},
      { status: 'retry', dueAt: noon + minute },
    ],
    ['gives up on what is refused', { outcome: 'refused', reason: 'no' }, {}, { status: 'dead' }],
    ['sends again what may have arrived', { outcome: 'unknown', reason: '?' }, {}, { status: 'unknown', unknowns: 1 }],
    [
      'holds what may have arrived, where told so',
      { outcome: 'unknown', reason: '?' },
      { onUnknown: 'hold' },
      { status: 'held', unknowns: 1 },
    ],
    [
      'sends again in spite of hold where there is a key',
      { outcome: 'unknown', reason: '?' },
      { onUnknown: 'hold', keyed: true },
      { status: 'unknown' },
    ],
    [
      'takes a channel that throws for unknown',
      new Error('bug'),
      {},
      { status: 'unknown', lastError: 'channel failed: bug' },
    ],
  ])('%s', async (_, answer, more, expected) => {
    const { channel } = channelOf(answer, more);
    const { delivering, find } = await open({ team: channel }, [a]);
    await delivering.sendOn([a.channel]);
    expect(await find(a.id)).toMatchObject(expected);
  });

  it('tries ten times over a day, then gives up', async () => {
    const { channel, given } = channelOf({ outcome: 'retry', reason: 'down' });
    const { delivering, clock, find } = await open({ team: channel }, [a]);
    for (let step = 0; step < 24 * 60 + 10; step += 1) {
      await delivering.sendDue();
      clock.now += minute;
    }
    expect(given.map(({ attempts }) => attempts)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await find(a.id)).toMatchObject({ status: 'dead', attempts: 10, lastError: 'down' });
    const last = await find(a.id);
    expect((last?.sentAt ?? 0) - (last?.firstSentAt ?? 0)).toBeGreaterThanOrEqual(24 * 60 * minute);
  });

  it('keeps the order of one customer on one channel', async () => {
    const { channel, given } = channelOf(delivered);
    const second = deliveryOf('b');
    const { delivering } = await open({ team: channel }, [a, second, deliveryOf('c', { customer: customer(1) })]);
    await delivering.sendDue();
    expect(given.map(({ id }) => id)).toEqual([a.id, deliveryOf('c').id, second.id]);
  });

  it('disables a channel that says it is gone, loses nothing, and goes on when it is enabled', async () => {
    let gone = true;
    const { channel, given } = channelOf(
      () => (gone ? { outcome: 'refused', reason: 'HTTP 410', disable: true } : delivered),
      { concurrency: 1 },
    );
    const { delivering, actions, clock } = await open({ team: channel }, crowd(3));
    await delivering.sendDue();
    clock.now += minute;
    await delivering.sendDue();
    expect(given).toHaveLength(1);
    expect(await actions.readDisabledChannels()).toMatchObject([{ channel: 'team', reason: 'HTTP 410' }]);
    gone = false;
    await actions.enableChannel('team');
    await delivering.sendDue();
    expect(await actions.countDeliveries()).toMatchObject([{ status: 'delivered', deliveries: 3 }]);
  });

  it('sends no more at a time than a channel takes, and does not keep the others waiting for a slow one', async () => {
    let release: (() => void) | undefined;
    const blocked = new Promise<SendResult>((resolve) => (release = () => resolve(delivered)));
    const slow = channelOf(blocked, { concurrency: 2 });
    const quick = channelOf(delivered);
    const m = deliveryOf('m', { channel: 'mail', customer: customer(0) });
    const { delivering, actions } = await open({ team: slow.channel, mail: quick.channel }, [...crowd(3), m]);
    const all = delivering.sendDue();
    await delivering.sendOn([m.channel]);
    expect(await actions.findDeliveries([m.id])).toMatchObject([{ status: 'delivered' }]);
    expect(slow.given).toHaveLength(2);
    const joined = delivering.sendDue();
    await delivering.sendOn([m.channel]);
    expect(slow.given).toHaveLength(2);
    release?.();
    await Promise.all([all, joined]);
    expect(slow.given).toHaveLength(3);
  });

  it('keeps to the pace of a channel and goes on when it may', async () => {
    const { channel, given } = channelOf(delivered, { perMinute: 2 });
    const { delivering, clock, actions } = await open({ team: channel }, crowd(5));
    await delivering.sendDue();
    expect(given).toHaveLength(2);
    clock.now += minute;
    expect(await actions.claimDue({ business: noon, wall: clock.now }, 9)).toHaveLength(3);
    await delivering.sendDue();
    clock.now += minute;
    await delivering.sendDue();
    expect(given).toHaveLength(5);
  });

  it('makes one digest of more alerts than the channel can carry', async () => {
    const { channel, given } = channelOf(delivered, { perMinute: 4, digestBy: 'channel' });
    const { delivering, actions } = await open({ team: channel }, [
      ...crowd(5),
      deliveryOf('t', { content: { kind: 'task', subject: 's', text: 't', due: '2026-03-02', priority: 'low' } }),
    ]);
    await delivering.sendDue();
    expect(given.map(({ content }) => content.kind).sort()).toEqual(['digest', 'task']);
    expect(await actions.countDeliveries()).toMatchObject([
      { status: 'delivered', deliveries: 2 },
      { status: 'digested', deliveries: 5 },
    ]);
  });

  it('sends them singly where the channel can carry them', async () => {
    const { channel, given } = channelOf(delivered, { perMinute: 5, digestBy: 'channel' });
    const { delivering } = await open({ team: channel }, crowd(5));
    await delivering.sendDue();
    expect(given.map(({ content }) => content.kind)).toEqual(Array<string>(5).fill('alert'));
  });

  it('finds out after a crash what nobody knows', async () => {
    const mail = deliveryOf('m', { channel: 'mail' });
    const lost = deliveryOf('x', { channel: 'removed' });
    const { channel, given } = channelOf(delivered);
    const { delivering, actions, find } = await open({ team: channel, mail: { ...channel, onUnknown: 'hold' } }, [
      a,
      mail,
      lost,
    ]);
    for (const name of ['team', 'mail', 'removed'])
      await actions.claimSending({ channel: name, wallNow: noon, limit: 1 });
    expect(await delivering.recover(1)).toBe(0);
    expect(await delivering.recover(0)).toBe(3);
    await delivering.sendDue();
    expect(given.map(({ id, attempts }) => [id, attempts])).toEqual([[a.id, 2]]);
    expect(await find(a.id)).toMatchObject({ status: 'delivered', unknowns: 1 });
    expect(await find(mail.id)).toMatchObject({ status: 'held', unknowns: 1 });
    expect(await find(lost.id)).toMatchObject({ status: 'held', unknowns: 1 });
  });

  it('passes over channels that nobody knows', async () => {
    const { channel, given } = channelOf(delivered);
    const { delivering } = await open({ team: channel }, [deliveryOf('x', { channel: 'removed' })]);
    await delivering.sendOn(['nobody', 'removed']);
    expect(given).toEqual([]);
  });

  it('brings each delivery to rest, never again after it arrived, and in order, whatever the channel answers', async () => {
    const answers = fc.constantFrom<SendResult>(
      delivered,
      { outcome: 'retry', reason: 'busy' },
      { outcome: 'unknown', reason: '?' },
      { outcome: 'refused', reason: 'no' },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(answers, { minLength: 60, maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        async (told, concurrency) => {
          const arrived: string[] = [];
          const { channel, given } = channelOf(
            ({ id }) => {
              const answer = told[given.length - 1] ?? delivered;
              if (answer.outcome === 'delivered') arrived.push(id);
              return answer;
            },
            { concurrency },
          );
          const names = ['a', 'b', 'c'];
          const all = [0, 1].flatMap((n) => names.map((name) => deliveryOf(`${name}${n}`, { customer: customer(n) })));
          const { delivering, clock, actions } = await open({ team: channel }, all);
          for (let step = 0; step < 60; step += 1) {
            await delivering.sendDue();
            clock.now += 60 * minute;
          }
          const ends = await actions.findDeliveries(all.map(({ id }) => id));
          expect(ends.every(({ status }) => status === 'delivered' || status === 'dead')).toBe(true);
          expect(new Set(arrived).size).toBe(arrived.length);
          for (const n of [0, 1]) {
            const lane = [...new Set(given.filter((each) => each.customer === customer(n)).map(({ id }) => id))];
            expect(lane).toEqual(names.map((name) => deliveryOf(`${name}${n}`).id));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on after a failure of the store', async () => {
    const { channel, given } = channelOf(delivered);
    const { actions, clock } = await open({ team: channel }, [a]);
    let down = true;
    const flaky = {
      ...actions,
      claimSending: (claim: Parameters<typeof actions.claimSending>[0]) =>
        down ? Promise.reject(new Error('down')) : actions.claimSending(claim),
    };
    const delivering = deliver({
      actions: flaky,
      channels: { team: channel },
      clock,
      language: 'en',
      random: () => 0.5,
      hash: sha256,
    });
    await expect(delivering.sendDue()).rejects.toThrow('down');
    down = false;
    await delivering.sendDue();
    expect(given).toHaveLength(1);
  });
});
