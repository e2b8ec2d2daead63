import { describe, expect, it } from 'vitest';
import { type Minted, sharedToken } from '#shared/adapters/crm/shared-token.ts';
import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { handClock } from './hand-clock.ts';

const hourMs = 3_600_000;
const limit = { mints: 10, perMs: 600_000 };

const world = () => {
  const clock = handClock();
  const tokens = memoryTokenStore();
  const mints: { holder: string; at: number }[] = [];
  const plan: Minted[] = [];
  const source = (holder = 'one') =>
    sharedToken({
      ...clock,
      connection: 'zoho-eu',
      holder,
      tokens,
      limit,
      renewBeforeMs: 300_000,
      mint: async () => {
        mints.push({ holder, at: clock.wallNow() });
        await new Promise((resolve) => setImmediate(resolve));
        return (
          plan.shift() ?? {
            outcome: 'minted',
            accessToken: `token-${mints.length}`,
            lifeMs: hourMs,
            extra: { ea: 'acme' },
          }
        );
      },
    });
  return { clock, tokens, mints, plan, source };
};

const down: Minted = {
  outcome: 'failed',
  error: new PipelineError('CRM_UNAVAILABLE', 'no answer', { retryable: true }),
  retryAfterMs: 15_000,
  counted: true,
};
const denied: Minted = {
  outcome: 'failed',
  error: new PipelineError('CRM_THROTTLED', 'too many', { retryable: true }),
  retryAfterMs: 600_000,
  counted: true,
};

describe('sharedToken', () => {
  it('mints once for 50 calls at a time', async () => {
    const { source, mints } = world();
    const token = source();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => token.current()));
    expect(mints).toHaveLength(1);
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  });

  it('mints once for 50 calls whose token was refused at a time', async () => {
    const { source, mints } = world();
    const token = source();
    const refused = await token.current();
    const renewed = await Promise.all(Array.from({ length: 50 }, () => token.instead(refused)));
    expect(mints).toHaveLength(2);
    expect(new Set(renewed.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']));
    // a call that was slow to fail takes what the others already have
    expect((await token.instead(refused)).accessToken).toBe('token-2');
    expect(mints).toHaveLength(2);
  });

  it('mints once for several instances, the others wait for its token', async () => {
    const { source, mints, clock } = world();
    const tokens = await Promise.all(['one', 'two', 'three'].map((holder) => source(holder).current()));
    expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
    expect(mints).toHaveLength(1);
    expect(clock.slept.length).toBeGreaterThan(0);
  });

  it('takes over when the holder of the lease never comes back', async () => {
    const { source, tokens, clock, mints } = world();
    await tokens.acquireLease('zoho-eu', 'crashed', clock.wallNow(), 15_000);
    expect((await source().current()).accessToken).toBe('token-1');
    expect(mints).toHaveLength(1);
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(15_000);
  });

  it('renews before the end, and keeps what else the answer told', async () => {
    const { source, clock } = world();
    const token = source();
    expect((await token.current()).extra).toMatchObject({ ea: 'acme' });
    clock.advance(hourMs - 300_001);
    expect((await token.current()).accessToken).toBe('token-1');
    clock.advance(2);
    expect((await token.current()).accessToken).toBe('token-2');
  });

  it('uses the old token to its last second while no new one is to be had', async () => {
    const { source, clock, plan } = world();
    const token = source();
    await token.current();
    clock.advance(hourMs - 100_000);
    plan.push(denied);
    expect((await token.current()).accessToken).toBe('token-1');
    clock.advance(99_000);
    expect((await token.current()).accessToken).toBe('token-1');
    clock.advance(2_000);
    await expect(token.current()).rejects.toMatchObject({ code: 'CRM_THROTTLED', retryable: true });
  });

  it('rests ten minutes after a refusal for asking too often, in every instance', async () => {
    const { source, plan, mints, clock } = world();
    plan.push(denied);
    await expect(source('one').current()).rejects.toMatchObject({ code: 'CRM_THROTTLED' });
    clock.advance(20_000);
    await expect(source('two').current()).rejects.toMatchObject({ code: 'CRM_THROTTLED', retryAfterMs: 580_000 });
    expect(mints).toHaveLength(1);
    clock.advance(580_000);
    expect((await source('two').current()).accessToken).toBe('token-2');
  });

  it('never mints more than the CRM allows, whatever it refuses', async () => {
    const { source, mints, clock } = world();
    const token = source();
    let known = await token.current();
    const began = clock.wallNow();
    while (clock.wallNow() < began + 2 * limit.perMs) {
      const next = await token.instead(known).catch((error: unknown) => error);
      if (next instanceof PipelineError) expect(next.code).toBe('CRM_THROTTLED');
      else known = next as typeof known;
      clock.advance(7_000);
    }
    for (const { at } of mints)
      expect(mints.filter((other) => other.at >= at && other.at < at + limit.perMs).length).toBeLessThanOrEqual(
        limit.mints,
      );
    expect(mints.length).toBeGreaterThan(limit.mints);
  });

  it('does not hammer a token endpoint that is down', async () => {
    const { source, plan, mints, clock } = world();
    plan.push(down);
    const token = source();
    await expect(token.current()).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    for (let call = 0; call < 20; call += 1) await token.current().catch(() => undefined);
    expect(mints).toHaveLength(1);
    clock.advance(15_000);
    expect((await token.current()).accessToken).toBe('token-2');
  });

  it('gives back the refused token when the CRM mints the same again', async () => {
    const { source, plan } = world();
    const same: Minted = { outcome: 'minted', accessToken: 'same', lifeMs: hourMs, extra: {} };
    plan.push(same, same);
    const token = source();
    const first = await token.current();
    expect((await token.instead(first)).accessToken).toBe('same');
  });
});
