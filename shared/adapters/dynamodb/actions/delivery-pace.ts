import type { Pace } from '../../../domain/delivery-schedule.ts';
import type { Instant } from '../../../domain/instant.ts';

/** Attempts of a stretch of time, as many as were begun, counted at the last of them: never too early forgotten. */
export type Sent = readonly (readonly [at: Instant, attempts: number])[];

/** A window is remembered in this many stretches. */
const stretches = 100;

/** What still counts. Beyond the next window in the future stands only what a clock left that was put back. */
const counting = (sent: Sent, { windowMs }: Pace, wallNow: Instant): Sent =>
  sent.filter(([at]) => at > wallNow - windowMs && at <= wallNow + windowMs);

/** How many may go now; when none, from when on one may. */
export const allowanceOf = (
  sent: Sent,
  pace: Pace,
  wallNow: Instant,
): { readonly allowed: number; readonly freeAt: Instant } => {
  const counted = counting(sent, pace, wallNow);
  const total = counted.reduce((sum, [, attempts]) => sum + attempts, 0);
  let left = total;
  let freeAt = wallNow;
  for (const [at, attempts] of counted) {
    if (left < pace.sends) break;
    left -= attempts;
    freeAt = at + pace.windowMs;
  }
  return { allowed: Math.max(0, pace.sends - total), freeAt };
};

export const withAttempts = (sent: Sent, pace: Pace, wallNow: Instant, attempts: number): Sent => {
  const kept = counting(sent, pace, wallNow);
  const last = kept.at(-1);
  const stretchMs = Math.max(1, Math.floor(pace.windowMs / stretches));
  const at = Math.max(wallNow, last?.[0] ?? 0);
  const isSameStretch = last !== undefined && Math.floor(last[0] / stretchMs) === Math.floor(at / stretchMs);
  return isSameStretch ? [...kept.slice(0, -1), [at, last[1] + attempts]] : [...kept, [at, attempts]];
};
