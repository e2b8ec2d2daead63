import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';

const functionOf = (code: string, timeoutMs = 5_000): LambdaFunction => {
  const file = join(temporaryFolder(), 'index.mjs');
  writeFileSync(file, code);
  const deployed = lambdaFunction({ name: 'f', file, environment: { GREETING: 'hello' }, timeoutMs });
  onTestFinished(() => deployed.stop());
  return deployed;
};

describe('lambdaFunction', () => {
  it('keeps a process from one event to the next, with the environment it was given', async () => {
    const f = functionOf(
      'let n = 0; export const handler = async (e) => ({ n: (n += 1), e, said: process.env.GREETING });',
    );
    expect(await f.invoke('a')).toEqual({ outcome: 'answered', answer: { n: 1, e: 'a', said: 'hello' } });
    expect(await f.invoke(null)).toEqual({ outcome: 'answered', answer: { n: 2, e: null, said: 'hello' } });
    expect(f.started()).toBe(1);
  });

  it('works events at the same time in processes of their own', async () => {
    const f = functionOf(
      'export const handler = async () => { await new Promise((r) => setTimeout(r, 200)); return process.pid; };',
    );
    const [one, two] = await Promise.all([f.invoke(1), f.invoke(2)]);
    expect(one).not.toEqual(two);
  });

  it('lets nothing happen between two events', async () => {
    const f = functionOf('let n = 0; setInterval(() => { n += 1; }, 10); export const handler = async () => n;');
    const ticks = async () => ((await f.invoke(0)) as { answer: number }).answer;
    const before = await ticks();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await ticks()) - before).toBeLessThan(20);
  });

  it('tells the time that is left', async () => {
    const f = functionOf('export const handler = async (_, context) => context.getRemainingTimeInMillis();', 30_000);
    expect(await f.invoke(0)).toMatchObject({
      answer: expect.toSatisfy((ms: number) => ms > 25_000 && ms <= 30_000) as number,
    });
  });

  it('says what a handler threw, and uses its process again', async () => {
    const f = functionOf("export const handler = async () => { throw new RangeError('no'); };");
    expect(await f.invoke(0)).toMatchObject({
      outcome: 'failed',
      error: { errorType: 'RangeError', errorMessage: 'no' },
    });
    await f.invoke(0);
    expect(f.started()).toBe(1);
  });

  it('says why a function did not start', async () => {
    const f = functionOf("throw new Error('SETTING is not set'); export const handler = 1;");
    expect(await f.invoke(0)).toMatchObject({ outcome: 'failed', error: { errorMessage: 'SETTING is not set' } });
  });

  it('ends a process that takes too long or ends by itself, and starts another', async () => {
    const f = functionOf(
      'export const handler = async (e) => { if (e === "slow") await new Promise(() => setInterval(() => {}, 1e3)); if (e === "die") process.exit(7); return "well"; };',
      700,
    );
    expect(await f.invoke('slow')).toEqual({ outcome: 'timed-out' });
    expect(await f.invoke('die')).toEqual({ outcome: 'crashed' });
    expect(await f.invoke('')).toEqual({ outcome: 'answered', answer: 'well' });
    expect(f.started()).toBe(3);
  });

  it('carries at most 6 MB in and out', async () => {
    const f = functionOf('export const handler = async (e) => "x".repeat(Number(e));');
    expect(await f.invoke('x'.repeat(6 * 1024 * 1024))).toEqual({ outcome: 'too-large' });
    expect(await f.invoke(6 * 1024 * 1024)).toEqual({ outcome: 'too-large' });
  });

  it('keeps what was written', async () => {
    const f = functionOf('export const handler = async () => { process.stdout.write("one line\\n"); };');
    await f.invoke(0);
    await expect.poll(() => f.lines()).toEqual(['one line']);
  });
});
