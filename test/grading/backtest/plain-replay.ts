import type { CohortSpec } from '#shared/domain/cohort.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import type { ReplayedEvent } from '#shared/grading/backtest/replay.ts';
import { type Member, rankFromScratch } from '../../kit/cohort-reference.ts';

export interface PlainRules {
  readonly method: 'rank' | 'share';
  /** By boundary, best first, as the model has it. */
  readonly upTo: readonly number[];
  readonly up: number;
  readonly down: number;
  /** Days that a better and a worse grade must last. */
  readonly dwellDays: { readonly up: number; readonly down: number };
  /** A fact counts on its day and on so many minus one after it, days of UTC. */
  readonly windowDays: number;
}

export interface PlainChange {
  readonly at: number;
  readonly customer: CustomerId;
  readonly from: string | null;
  readonly to: string;
}

interface Held {
  grade: string | null;
  waiting: { readonly direction: 'up' | 'down'; readonly since: number } | undefined;
}

const day = 86_400_000;
const grades = ['A', 'B', 'C'];

/** The history the slow way: after each event, each midnight and each end of a dwell everybody is ranked and decided anew. */
export const plainReplay = (
  events: readonly ReplayedEvent[],
  rules: PlainRules,
  until: number,
): readonly PlainChange[] => {
  const held = new Map<CustomerId, Held>();
  const past: ReplayedEvent[] = [];
  const changes: PlainChange[] = [];

  const decideEverybody = (now: number): void => {
    const members = [...held.keys()].map((customer) => memberOf(customer, past, rules, now));
    for (const [customer, one] of held) {
      const asked = askedOf(customer, one.grade, members, rules);
      const to = lasting(one, asked, now, rules);
      if (to !== one.grade) changes.push({ at: now, customer, from: one.grade, to });
      one.grade = to;
    }
  };
  const nextTimer = (after: number): number => {
    const midnight = (Math.floor(after / day) + 1) * day;
    const ends = [...held.values()].flatMap(({ waiting }) =>
      waiting === undefined ? [] : [waiting.since + rules.dwellDays[waiting.direction] * day],
    );
    return Math.min(midnight, ...ends.filter((end) => end > after));
  };
  let now = events[0]?.fact.at ?? 0;
  const passTo = (instant: number): void => {
    for (let next = nextTimer(now); next <= instant; next = nextTimer(now)) {
      now = next;
      decideEverybody(now);
    }
    now = instant;
  };
  for (const event of events) {
    passTo(event.fact.at);
    past.push(event);
    if (!held.has(event.customer)) held.set(event.customer, { grade: null, waiting: undefined });
    decideEverybody(now);
  }
  passTo(until);
  return changes;
};

const memberOf = (
  customer: CustomerId,
  past: readonly ReplayedEvent[],
  { windowDays }: PlainRules,
  now: number,
): Member => {
  const today = Math.floor(now / day);
  const score = past
    .filter((event) => event.customer === customer && today - Math.floor(event.fact.at / day) < windowDays)
    .reduce((sum, { fact }) => sum + (fact.amount?.units ?? 0), 0);
  return { customer, score, tieBreak: 0 };
};

const askedOf = (
  customer: CustomerId,
  grade: string | null,
  members: readonly Member[],
  { method, upTo, up, down }: PlainRules,
): string => {
  const held = grade === null ? -1 : grades.indexOf(grade);
  for (const [boundary, cut] of upTo.entries()) {
    const share = held === -1 ? cut : held <= boundary ? cut + down : cut - up;
    const spec: CohortSpec = {
      method,
      thresholds: [share.toFixed(2)],
      ties: 'byKey',
      boundary: 'start',
      minPopulation: 0,
    };
    if (rankFromScratch(members, spec).zones.get(customer) === 0) return grades[boundary]!;
  }
  return 'C';
};

const lasting = (one: Held, asked: string, now: number, { dwellDays }: PlainRules): string => {
  const waited = one.waiting;
  one.waiting = undefined;
  if (one.grade === null || one.grade === asked) return asked;
  const direction = grades.indexOf(asked) < grades.indexOf(one.grade) ? 'up' : 'down';
  const since = waited?.direction === direction ? waited.since : now;
  if (since + dwellDays[direction] * day <= now) return asked;
  one.waiting = { direction, since };
  return one.grade;
};
