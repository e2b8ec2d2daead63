import type { GradeOrder } from '../../domain/action.ts';
import { directionBetween } from '../../domain/action.ts';
import type { GradeName } from '../../domain/change.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ReplayCause, ReplayedChange } from './replay.ts';

export interface CountSettings {
  /** First and last instant at which changes count; what is before them only builds up. */
  readonly from: Instant;
  readonly to: Instant;
  /** Whether a customer's first grade counts as a change. */
  readonly countsFirst: boolean;
  /** Best first. */
  readonly grades: GradeOrder;
}

export interface GradeTime {
  readonly grade: string;
  /** Days of 24 hours that customers held it, all together. */
  readonly customerDays: number;
  /** Of the time for which anybody held a grade. */
  readonly share: number;
}

export interface ChangeCounts {
  readonly events: number;
  /** Customers who held a grade at some instant. */
  readonly customers: number;
  readonly changes: number;
  readonly byCause: Readonly<Record<ReplayCause, number>>;
  readonly ups: number;
  readonly downs: number;
  /** To, from or between grades that are not ranked, or none. */
  readonly others: number;
  readonly changesPerEvent: number;
  /** The most changes that one event led to at once: its own and those of customers it displaced. */
  readonly mostPerEvent: number;
  readonly changesPerCustomer: number;
  readonly customersChanged: number;
  /** The most changes of one customer. */
  readonly mostPerCustomer: number;
  /** Best grade first. */
  readonly timeInGrade: readonly GradeTime[];
}

export interface ChangeCounter {
  /** One came in at this instant. */
  readonly event: (at: Instant) => void;
  readonly changed: (change: ReplayedChange) => void;
  /** Nothing happens after this. */
  readonly finish: () => ChangeCounts;
}

interface Seen {
  grade: GradeName;
  since: Instant;
  changes: number;
}

const msPerDay = 86_400_000;

/** Counts what a replay tells, within a stretch of time. */
export const changeCounter = ({ from, to, countsFirst, grades }: CountSettings): ChangeCounter => {
  const seen = new Map<CustomerId, Seen>();
  const held = new Map<string, number>();
  const byCause: Record<ReplayCause, number> = { own: 0, displaced: 0, timer: 0 };
  let [events, ups, downs, others, mostPerEvent] = [0, 0, 0, 0, 0];
  const latest = { turn: 0, changes: 0 };

  const spend = ({ grade, since }: Seen, until: Instant): void => {
    const spent = Math.min(until, to) - Math.max(since, from);
    if (grade !== null && spent > 0) held.set(grade, (held.get(grade) ?? 0) + spent);
  };
  const count = (one: Seen, { cause, turn, byEvent, ...change }: ReplayedChange): void => {
    one.changes += 1;
    byCause[cause] += 1;
    const direction = directionBetween(change.from, change.to, grades);
    if (direction === 'up') ups += 1;
    else if (direction === 'down') downs += 1;
    else others += 1;
    latest.changes = turn === latest.turn ? latest.changes + 1 : 1;
    latest.turn = turn;
    if (byEvent) mostPerEvent = Math.max(mostPerEvent, latest.changes);
  };
  return {
    event: (at) => {
      if (at >= from && at <= to) events += 1;
    },
    changed: (change) => {
      const { customer, at, first } = change;
      const known = seen.get(customer);
      const one = known ?? { grade: null, since: at, changes: 0 };
      spend(one, at);
      seen.set(customer, one);
      [one.grade, one.since] = [change.to, at];
      if (at >= from && at <= to && (!first || countsFirst)) count(one, change);
    },
    finish: () => {
      for (const one of seen.values()) spend(one, to);
      const all = [...seen.values()].filter(({ since }) => since <= to);
      const changed = all.filter(({ changes }) => changes > 0);
      const changes = byCause.own + byCause.displaced + byCause.timer;
      const time = [...held.values()].reduce((sum, ms) => sum + ms, 0);
      return {
        ...{ events, customers: all.length, changes, byCause, ups, downs, others, mostPerEvent },
        changesPerEvent: ratio(changes, events),
        changesPerCustomer: ratio(changes, all.length),
        customersChanged: changed.length,
        mostPerCustomer: changed.reduce((most, one) => Math.max(most, one.changes), 0),
        timeInGrade: grades.map(({ id }) => {
          const ms = held.get(id) ?? 0;
          return { grade: id, customerDays: ms / msPerDay, share: ratio(ms, time) };
        }),
      };
    },
  };
};

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
