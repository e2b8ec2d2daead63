import { describe, expect, it } from 'vitest';
import { callBudget } from '#shared/adapters/crm/call-budget.ts';
import { handClock } from './hand-clock.ts';

describe('callBudget', () => {
  it('lets one second of calls go at once, and the next when its turn comes', async () => {
    const clock = handClock();
    const budget = callBudget({ callsPerSecond: 5, ...clock });
    for (let call = 0; call < 5; call += 1) await budget.take();
    expect(clock.slept).toEqual([]);
    expect(budget.waitMs()).toBe(200);
    await budget.take();
    expect(clock.slept).toEqual([200]);
  });

  it('never exceeds its pace over a long time', async () => {
    const clock = handClock();
    const budget = callBudget({ callsPerSecond: 2, ...clock });
    const began = clock.wallNow();
    for (let call = 0; call < 42; call += 1) await budget.take();
    expect(clock.wallNow() - began).toBe(20_000);
  });

  it('makes callers that ask together wait one after the other', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const budget = callBudget({ callsPerSecond: 1, wallNow: () => 0, sleep });
    await Promise.all([1, 2, 3, 4].map(() => budget.take()));
    expect(waits).toEqual([1_000, 2_000, 3_000]);
  });

  it('sends a caller away when the queue is too long, without keeping its place', async () => {
    const budget = callBudget({ callsPerSecond: 1, wallNow: () => 0, sleep: async () => undefined });
    for (let call = 0; call < 11; call += 1) await budget.take();
    await expect(budget.take()).rejects.toMatchObject({ code: 'CRM_THROTTLED', retryable: true, retryAfterMs: 11_000 });
    expect(budget.waitMs()).toBe(11_000);
  });

  it('saves no more than one second up', async () => {
    const clock = handClock();
    const budget = callBudget({ callsPerSecond: 3, ...clock });
    clock.advance(3_600_000);
    for (let call = 0; call < 3; call += 1) await budget.take();
    expect(budget.waitMs()).toBeGreaterThan(0);
  });

  it('lets a pace below one call a second through too', async () => {
    const clock = handClock();
    const budget = callBudget({ callsPerSecond: 0.5, ...clock });
    await budget.take();
    expect(budget.waitMs()).toBe(2_000);
  });
});
