import { describe, expect, it } from 'vitest';
import { drainInbox } from '#functions/ground/drain-inbox.ts';
import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import type { ReadBackResult } from '#shared/usecases/read-back.ts';

const shop = ConnectionId.parse('shop');

/** Instances that share the leases and a clock; each answers its reads from a list, then has nothing left. */
const opened = () => {
  const tokens = memoryTokenStore();
  let now = 1_000_000;
  const slept: number[] = [];
  const instance = (
    holder: string,
    answers: readonly ReadBackResult[],
    takesMs = 0,
    whileReading?: () => Promise<void>,
  ) => {
    let reads = 0;
    const readBack = async (): Promise<ReadBackResult> => {
      now += takesMs;
      await whileReading?.();
      return answers[reads++] ?? { read: 0, waitMs: undefined };
    };
    const sleep = async (ms: number): Promise<void> => {
      slept.push(ms);
      now += ms;
    };
    const drain = drainInbox({ tokens, readBack, clock: { wallNow: () => now }, holder, sleep });
    return {
      drain: (waits = false, forMs = 60_000) => drain(shop, { until: now + forMs, waits }),
      reads: () => reads,
    };
  };
  return { instance, tokens, slept, pass: (ms: number) => (now += ms), now: () => now };
};

const read = (records: number): ReadBackResult => ({ read: records, waitMs: 0 });

describe('drainInbox', () => {
  it('reads until nothing waits', async () => {
    const { instance } = opened();
    const one = instance('one', [read(100), read(20)]);
    expect(await one.drain()).toBe(120);
    expect(one.reads()).toBe(3);
  });

  it('leaves a connection to the instance that reads it', async () => {
    const { instance, tokens, now } = opened();
    await tokens.acquireLease('read-back/shop', 'other', now(), 30_000);
    const one = instance('one', [read(100)]);
    expect(await one.drain()).toBeUndefined();
    expect(one.reads()).toBe(0);
  });

  it('leaves it to nobody else for a second after its last call, and then to everybody', async () => {
    const { instance, pass } = opened();
    await instance('one', [read(1)]).drain();
    const two = instance('two', [read(1)]);
    expect(await two.drain()).toBeUndefined();
    pass(1_000);
    expect(await two.drain()).toBe(1);
  });

  it('holds the lease for as long as it reads', async () => {
    const { instance, tokens, now } = opened();
    const taken: boolean[] = [];
    const steal = async (): Promise<void> => {
      taken.push(await tokens.acquireLease('read-back/shop', 'thief', now(), 1_000));
    };
    const long = Array.from({ length: 12 }, () => read(1));
    expect(await instance('one', long, 6_000, steal).drain(false, 600_000)).toBe(12);
    expect(taken).toEqual(Array.from({ length: 13 }, () => false));
  });

  it('ends where the budget is spent, unless it may wait', async () => {
    const { instance, slept } = opened();
    expect(await instance('one', [read(5), { read: 0, waitMs: 400 }, read(5)]).drain(false)).toBe(5);
    expect(await instance('one', [read(5), { read: 0, waitMs: 400 }, read(5)]).drain(true)).toBe(10);
    expect(slept).toEqual([400]);
  });

  it('waits for no call that comes after its time', async () => {
    const { instance, slept } = opened();
    expect(await instance('one', [read(5), { read: 0, waitMs: 5_000 }, read(5)]).drain(true, 4_000)).toBe(5);
    expect(slept).toEqual([]);
  });

  it('begins no call after its time', async () => {
    const { instance } = opened();
    const one = instance('one', [read(1), read(1), read(1), read(1)], 1_000);
    expect(await one.drain(true, 2_500)).toBe(3);
  });

  it('gives the lease back when reading fails', async () => {
    const { tokens, now, pass } = opened();
    const drain = drainInbox({
      tokens,
      readBack: () => Promise.reject(new Error('the store is away')),
      clock: { wallNow: now },
      holder: 'one',
      sleep: async () => undefined,
    });
    await expect(drain(shop, { until: now() + 60_000, waits: false })).rejects.toThrow('the store is away');
    pass(1_000);
    expect(await tokens.acquireLease('read-back/shop', 'two', now(), 1)).toBe(true);
  });
});
