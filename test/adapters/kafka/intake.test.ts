import { describe, expect, it } from 'vitest';
import { kafkaIntake } from '#shared/adapters/kafka/intake.ts';
import type { Hint } from '#shared/domain/hint.ts';
import type { ConnectionId, TenantId } from '#shared/domain/ids.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import type { Spill } from '#shared/ports/spill.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { quietLog } from '../../kit/quiet-log.ts';

const hint = (delivery: string): Hint => ({
  tenant: 'acme' as TenantId,
  connection: 'shop' as ConnectionId,
  object: 'order',
  id: '1',
  operation: 'upsert',
  delivery,
  receivedAt: 1_000,
});

interface Asked {
  readonly delivery: string;
  readonly deadlineMs: number | undefined;
  readonly resolve: () => void;
  readonly reject: () => void;
}

/** An intake whose stream and spill answer when they are told to. */
const ground = (put: Spill['put'] = async () => undefined) => {
  const asked: Asked[] = [];
  const spilled: [string, number][] = [];
  const counted: string[] = [];
  const log = quietLog();
  const intake = kafkaIntake({
    stream: {
      append: (_, records, options) =>
        new Promise((resolve, reject) => {
          const { id } = JSON.parse(records[0]?.value ?? '{}') as { id: string };
          const fail = (): void => reject(new PipelineError('STREAM_UNAVAILABLE', 'no answer', { retryable: true }));
          asked.push({ delivery: id, deadlineMs: options?.deadlineMs, resolve, reject: fail });
        }),
    },
    spill: {
      put: async (hints, wallNow) => {
        await put(hints, wallNow);
        spilled.push([hints[0]?.delivery ?? '', wallNow]);
      },
      claim: async () => [],
      remove: async () => undefined,
      count: async () => new Map(),
    },
    metrics: {
      count: (stage, what, by) => void counted.push(`${stage} ${what} ${by}`),
      level: () => undefined,
      took: () => undefined,
    },
    log,
    clock: handClock(5_000),
    ackMs: 700,
  });
  return { intake, asked, spilled, counted, log };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('kafkaIntake', () => {
  it('resolves when the stream acknowledged, and spills nothing', async () => {
    const { intake, asked, spilled, counted, log } = ground();
    let done = false;
    const accepted = intake.accept([hint('d1')]).then(() => (done = true));
    await settled();
    expect(done).toBe(false);
    expect(asked).toMatchObject([{ delivery: 'd1/0', deadlineMs: 700 }]);
    asked[0]?.resolve();
    await accepted;
    expect([spilled, counted, log.lines]).toEqual([[], [], []]);
  });

  it('spills what the stream did not take, with the wall instant, and says so once', async () => {
    const { intake, asked, spilled, counted, log } = ground();
    const deliveries = ['d1', 'd2', 'd3'].map((delivery) => intake.accept([hint(delivery)]));
    await settled();
    for (const { reject } of asked) reject();
    await Promise.all(deliveries);
    expect(spilled).toEqual([
      ['d1', 5_000],
      ['d2', 5_000],
      ['d3', 5_000],
    ]);
    expect(counted).toEqual(Array<string>(3).fill('receive-webhook spilled 1'));
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { stage: 'receive-webhook' } }]);
  });

  it('asks the stream with one delivery at a time while it is overdue, and does not wait for it', async () => {
    const { intake, asked, spilled } = ground();
    const first = intake.accept([hint('d1')]);
    await settled();
    asked[0]?.reject();
    await first;
    for (const delivery of ['d2', 'd3', 'd4']) await intake.accept([hint(delivery)]);
    expect(spilled.map(([delivery]) => delivery)).toEqual(['d1', 'd2', 'd3', 'd4']);
    expect(asked.map(({ delivery }) => delivery)).toEqual(['d1/0', 'd1/0']);
    asked[1]?.reject();
    await settled();
    await intake.accept([hint('d5')]);
    expect(asked.map(({ delivery }) => delivery)).toEqual(['d1/0', 'd1/0', 'd5/0']);
  });

  it('trusts the stream again once it took one', async () => {
    const { intake, asked, spilled, log } = ground();
    const first = intake.accept([hint('d1')]);
    await settled();
    asked[0]?.reject();
    await first;
    asked[1]?.resolve();
    await settled();
    const next = intake.accept([hint('d2')]);
    await settled();
    asked[2]?.resolve();
    await next;
    expect(spilled).toHaveLength(1);
    expect(log.lines.at(-1)).toMatchObject({ level: 'info', fields: { spilled: 1 } });
  });

  it('resolves by the stream when that is back before the spill answers', async () => {
    const { intake, asked, spilled } = ground(() => new Promise(() => undefined));
    const accepted = intake.accept([hint('d1')]);
    await settled();
    asked[0]?.reject();
    await settled();
    asked[1]?.resolve();
    await accepted;
    expect(spilled).toEqual([]);
  });

  it.each([
    ['fails', () => Promise.reject(new Error('full'))],
    ['does not answer', () => new Promise<void>(() => undefined)],
  ])('says that nothing was taken when the spill %s too, within the time it has', async (_, put) => {
    const { intake, asked, counted } = ground(put);
    const accepted = intake.accept([hint('d1')]);
    await settled();
    const began = performance.now();
    for (const { reject } of asked) reject();
    await settled();
    asked[1]?.reject();
    await expect(accepted).rejects.toMatchObject({ code: 'STREAM_UNAVAILABLE', retryable: true });
    expect(performance.now() - began).toBeLessThan(1_400);
    expect(counted).toEqual([]);
  });
});
