import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepTicking } from '#infra/node/keep-ticking.ts';
import { quietLog } from '../kit/quiet-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('ticking', () => {
  it('does the work at once, and then again after every pause', async () => {
    let turns = 0;
    const ticking = keepTicking('work', 200, async () => (turns += 1) < 0, quietLog());
    await vi.advanceTimersByTimeAsync(0);
    expect(turns).toBe(1);
    await vi.advanceTimersByTimeAsync(199);
    expect(turns).toBe(1);
    await vi.advanceTimersByTimeAsync(1_001);
    expect(turns).toBeGreaterThanOrEqual(5);
    await ticking.stop();
  });

  it('goes on without a pause while there is more', async () => {
    let turns = 0;
    const ticking = keepTicking('work', 60_000, async () => (turns += 1) < 5, quietLog());
    await vi.advanceTimersByTimeAsync(20);
    expect(turns).toBe(5);
    await ticking.stop();
  });

  it('lets the others of the loop have their turn between two of its own', async () => {
    vi.useRealTimers();
    const order: string[] = [];
    let turns = 0;
    const ticking = keepTicking('work', 60_000, async () => order.push('turn') > 0 && (turns += 1) < 3, quietLog());
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    order.push('other');
    await ticking.stop();
    expect(order.indexOf('other')).toBeGreaterThan(0);
    expect(order.indexOf('other')).toBeLessThan(order.length);
    expect(order.slice(0, 3)).not.toEqual(['turn', 'turn', 'turn']);
  });

  it('says that a turn failed and goes on', async () => {
    const log = quietLog();
    let turns = 0;
    const ticking = keepTicking(
      'sweep',
      10,
      async () => {
        turns += 1;
        if (turns === 1) throw new Error('the store is away');
        return false;
      },
      log,
    );
    await vi.advanceTimersByTimeAsync(50);
    await ticking.stop();
    expect(turns).toBeGreaterThan(1);
    expect(log.lines).toEqual([
      {
        level: 'error',
        fields: { work: 'sweep', failure: 'the store is away' },
        message: 'a turn of the clock failed',
      },
    ]);
  });

  it('stops at once out of a pause, and after the turn in hand', async () => {
    let finish: () => void = () => undefined;
    let turns = 0;
    const work = async (): Promise<boolean> => {
      turns += 1;
      if (turns === 2) await new Promise<void>((resolve) => (finish = resolve));
      return false;
    };
    const ticking = keepTicking('work', 600_000, work, quietLog());
    await vi.advanceTimersByTimeAsync(600_010);
    expect(turns).toBe(2);
    let stopped = false;
    const stopping = ticking.stop().then(() => (stopped = true));
    await vi.advanceTimersByTimeAsync(5);
    expect(stopped).toBe(false);
    finish();
    await vi.advanceTimersByTimeAsync(5);
    expect(stopped).toBe(true);
    await stopping;
    await vi.advanceTimersByTimeAsync(2_000_000);
    expect(turns).toBe(2);
  });
});
