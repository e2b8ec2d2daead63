import type { GradeName } from '../domain/change.ts';
import type { Waiting } from '../domain/customer-state.ts';
import type { Instant } from '../domain/instant.ts';

/** How reluctantly the grade that counts follows. Milliseconds. */
export interface StabilityRule {
  readonly dwell: { readonly up: number; readonly down: number };
  /** The most grades one change may pass; null: any. */
  readonly maxStep: number | null;
}

export interface Standing {
  readonly grade: GradeName;
  readonly waiting?: Waiting | undefined;
}

export interface Settled extends Standing {
  /** When what waits will have lasted long enough. */
  readonly due?: Instant;
}

/**
 * From the grade that is held and the one that cut-offs and guards ask for to the one that counts. A change counts once it has
 * been asked for, in the same direction, as long as the rule says, and passes at most `maxStep` grades; the rest starts to wait
 * anew, or, where nothing has to wait, follows at the next decision. To and from grades that are not ranked, and to and from none,
 * it goes at once. `ranked`: names of the ranked grades, best first.
 */
export const settle = (
  held: Standing | undefined,
  asked: GradeName,
  now: Instant,
  rule: StabilityRule,
  ranked: readonly string[],
): Settled => {
  const [from, to] = [placeOf(held?.grade, ranked), placeOf(asked, ranked)];
  if (held === undefined || from < 0 || to < 0 || from === to) return { grade: asked };
  const direction = to < from ? 'up' : 'down';
  const since = held.waiting?.direction === direction ? held.waiting.since : now;
  const due = since + rule.dwell[direction];
  if (due > now) return { grade: held.grade, waiting: { direction, since }, due };
  const step = Math.min(Math.abs(to - from), rule.maxStep ?? ranked.length);
  const reached = direction === 'up' ? from - step : from + step;
  if (reached === to) return { grade: asked };
  const grade = ranked[reached] ?? asked;
  const next = now + rule.dwell[direction];
  return next > now ? { grade, waiting: { direction, since: now }, due: next } : { grade };
};

const placeOf = (grade: GradeName | undefined, ranked: readonly string[]): number =>
  grade === null || grade === undefined ? -1 : ranked.indexOf(grade);
