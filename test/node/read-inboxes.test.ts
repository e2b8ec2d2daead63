import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Inboxes, readInboxes } from '#infra/node/read-inboxes.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import type { ReadBackResult } from '#shared/usecases/read-back.ts';
import { quietLog } from '../kit/quiet-log.ts';

const [zoho, erp] = ['zoho', 'erp'].map((name) => ConnectionId.parse(name)) as [ConnectionId, ConnectionId];
const nothing: ReadBackResult = { read: 0, waitMs: undefined };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Answers as told, in order, and then that there is nothing. */
const bench = (answers: readonly (ReadBackResult | Error)[], connections: readonly ConnectionId[] = [zoho]) => {
  const left = [...answers];
  const calls: ConnectionId[] = [];
  const log = quietLog();
  const inboxes: Inboxes = readInboxes(
    async (connection) => {
      calls.push(connection);
      const answer = left.shift() ?? nothing;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    connections,
    log,
  );
  return { inboxes, calls, log };
};
const poked = async ({ inboxes }: { inboxes: Inboxes }, ms = 0): Promise<void> => {
  inboxes.poke();
  await vi.advanceTimersByTimeAsync(ms);
};

describe('reading inboxes', () => {
  it('reads until nothing is left, each connection by itself', async () => {
    const at = bench(
      [
        { read: 3, waitMs: 0 },
        { read: 2, waitMs: 0 },
      ],
      [zoho, erp],
    );
    await poked(at);
    await at.inboxes.settled();
    expect(at.calls.toSorted()).toEqual([erp, erp, zoho, zoho].toSorted());
    expect(at.inboxes.busy()).toBe(false);
  });

  it('waits as long as its CRM wants, however often it is poked', async () => {
    const at = bench([
      { read: 0, waitMs: 400 },
      { read: 1, waitMs: 0 },
    ]);
    await poked(at, 399);
    at.inboxes.poke();
    expect(at.calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await at.inboxes.settled();
    expect(at.calls).toHaveLength(3);
    await at.inboxes.stop();
  });

  it('reads again when it is poked while it reads', async () => {
    const at = bench([]);
    at.inboxes.poke();
    at.inboxes.poke();
    at.inboxes.poke();
    await at.inboxes.settled();
    expect(at.calls).toHaveLength(2);
  });

  it('is busy over a short pause, and not over a long one: an outage is nothing to wait for', async () => {
    const short = bench([{ read: 0, waitMs: 999 }]);
    await poked(short);
    expect(short.inboxes.busy()).toBe(true);
    const long = bench([{ read: 0, waitMs: 1_000 }]);
    await poked(long);
    expect(long.inboxes.busy()).toBe(false);
    await Promise.all([short, long].map(({ inboxes }) => inboxes.stop()));
  });

  it('says that reading failed and tries again a second later', async () => {
    const at = bench([new Error('the store is away'), { read: 1, waitMs: 0 }]);
    await poked(at, 999);
    expect(at.calls).toHaveLength(1);
    expect(at.log.lines).toMatchObject([
      { level: 'error', fields: { connection: zoho, failure: 'the store is away' } },
    ]);
    await vi.advanceTimersByTimeAsync(1);
    await at.inboxes.settled();
    expect(at.calls.length).toBeGreaterThan(1);
    await at.inboxes.stop();
  });

  it('does nothing more once it is stopped', async () => {
    const at = bench([{ read: 0, waitMs: 50 }]);
    await poked(at);
    await at.inboxes.stop();
    at.inboxes.poke();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(at.calls).toHaveLength(1);
  });

  it('leaves no timer behind when it is stopped while a CRM says for how long to wait', async () => {
    const at = bench([{ read: 0, waitMs: 300_000 }]);
    at.inboxes.poke();
    await at.inboxes.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
