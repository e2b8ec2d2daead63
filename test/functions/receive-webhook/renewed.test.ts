import { describe, expect, it } from 'vitest';
import { renewed } from '#functions/receive-webhook/renewed.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { quietLog } from '../../kit/quiet-log.ts';

const bench = (renew: () => Promise<string>) => {
  const [clock, log] = [handClock(0), quietLog()];
  return { clock, log, current: renewed({ first: 'first', renew, everyMs: 300_000, clock, log }) };
};

describe('renewed', () => {
  it('makes it anew when its time is over, and no sooner', async () => {
    let made = 0;
    const { clock, current } = bench(async () => `made ${(made += 1)}`);
    expect(await current()).toBe('first');
    clock.passWall(299_999);
    expect(await current()).toBe('first');
    clock.passWall(1);
    expect([await current(), await current()]).toEqual(['made 1', 'made 1']);
    clock.passWall(300_000);
    expect(await current()).toBe('made 2');
  });

  it('goes by the old one where that fails, says so, and tries again soon', async () => {
    let fails = true;
    const { clock, log, current } = bench(async () => {
      if (fails) throw new PipelineError('STORE_UNAVAILABLE', 'away', { retryable: true });
      return 'made';
    });
    clock.passWall(300_000);
    expect([await current(), await current()]).toEqual(['first', 'first']);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { failure: 'STORE_UNAVAILABLE' } }]);
    fails = false;
    clock.passWall(30_000);
    expect(await current()).toBe('made');
  });
});
