import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowanceOf, type Sent, withAttempts } from '../../../shared/adapters/dynamodb/actions/delivery-pace.ts';

const pace = { sends: 3, windowMs: 10_000 };

describe('the pace of a channel', () => {
  it('never lets more than its attempts into any window, however small the steps', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, (moves) => {
        let sent: Sent = [];
        let now = 1_000_000;
        const begun: number[] = [];
        for (const [waited, wanted] of moves) {
          now += waited;
          const attempts = Math.min(wanted, allowanceOf(sent, pace, now).allowed);
          if (attempts > 0) sent = withAttempts(sent, pace, now, attempts);
          for (let i = 0; i < attempts; i += 1) begun.push(now);
        }
        for (const from of begun)
          expect(begun.filter((at) => at >= from && at < from + pace.windowMs).length).toBeLessThanOrEqual(pace.sends);
      }),
    );
  });

  it('says from when on one may go again', () => {
    const sent: Sent = [
      [1_000, 1],
      [4_000, 2],
    ];
    expect(allowanceOf(sent, pace, 5_000)).toEqual({ allowed: 0, freeAt: 11_000 });
    expect(allowanceOf(sent, pace, 11_000).allowed).toBe(1);
    expect(allowanceOf(sent, { ...pace, sends: 1 }, 5_000)).toEqual({ allowed: 0, freeAt: 14_000 });
    expect(allowanceOf([], pace, 5_000).allowed).toBe(3);
  });

  it('remembers a busy window in about a hundred numbers', () => {
    const busy = { sends: 1_000_000, windowMs: 60_000 };
    let sent: Sent = [];
    for (let at = 0; at < 120_000; at += 10) sent = withAttempts(sent, busy, at, 1);
    expect(sent.length).toBeLessThanOrEqual(101);
    expect(sent.reduce((sum, [, attempts]) => sum + attempts, 0)).toBeGreaterThanOrEqual(6_000);
  });

  it('counts what a faster clock wrote, and forgets what a clock left that was put back', () => {
    expect(allowanceOf([[6_000, 3]], pace, 5_000).allowed).toBe(0);
    expect(allowanceOf([[90_000_000, 3]], pace, 5_000).allowed).toBe(3);
  });
});
