import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Judged } from './judge-grades.ts';
import type { Replay, ReplayedEvent } from './replay.ts';

/** What tells afterwards whether a grade was right. */
export type OutcomeRule =
  /** A fact says it: the customer is judged by what it held right before. */
  | { readonly kind: 'closed'; readonly won: readonly string[]; readonly lost: readonly string[] }
  /**
   * Every `within` milliseconds each graded customer is looked at: whether it buys (`repurchase`), or does not buy (`churn`),
   * within as long again. A purchase is a fact of these types.
   */
  | { readonly kind: 'repurchase' | 'churn'; readonly types: readonly string[]; readonly within: number };

export interface OutcomeWatch {
  /** To be called before the event is put. */
  readonly before: (event: ReplayedEvent) => void;
  /** To be called when everything was put and time has passed to the end. */
  readonly finish: () => readonly Judged[];
}

export interface WatchedTime {
  readonly from: Instant;
  readonly to: Instant;
}

/** Gathers what customers held and what became of it. */
export const watchOutcomes = (replay: Replay, rule: OutcomeRule, time: WatchedTime): OutcomeWatch =>
  rule.kind === 'closed' ? watchClosed(replay, rule, time) : watchPurchases(replay, rule, time);

const watchClosed = (
  replay: Replay,
  { won, lost }: Extract<OutcomeRule, { kind: 'closed' }>,
  { from, to }: WatchedTime,
): OutcomeWatch => {
  const judged: Judged[] = [];
  return {
    before: ({ customer, fact: { type, at } }) => {
      const isWon = won.includes(type);
      if (at < from || at > to || !(isWon || lost.includes(type))) return;
      replay.passTo(at);
      const held = replay.standingOf(customer, at);
      if (held !== undefined && held.score !== null) judged.push({ grade: held.grade, score: held.score, good: isWon });
    },
    finish: () => judged,
  };
};

const watchPurchases = (
  replay: Replay,
  { kind, types, within }: Exclude<OutcomeRule, { kind: 'closed' }>,
  { from, to }: WatchedTime,
): OutcomeWatch => {
  const looks: Look[] = [];
  let next = from;
  /** Looks whose whole stretch lies within the history: of the others nobody knows yet. */
  const lookUntil = (until: Instant): void => {
    for (; next <= until && next + within <= to; next += within) {
      replay.passTo(next);
      looks.push({ at: next, open: lookAt(replay, next), bought: new Set() });
    }
  };
  return {
    before: ({ customer, fact: { type, at } }) => {
      lookUntil(at - 1);
      const last = looks.at(-1);
      if (last !== undefined && types.includes(type) && at <= last.at + within) last.bought.add(customer);
    },
    finish: () => {
      lookUntil(to);
      return looks.flatMap(({ open, bought }) =>
        [...open].map(([customer, held]) => ({ ...held, good: bought.has(customer) === (kind === 'repurchase') })),
      );
    },
  };
};

interface Look {
  readonly at: Instant;
  readonly open: ReadonlyMap<CustomerId, Omit<Judged, 'good'>>;
  readonly bought: Set<CustomerId>;
}

const lookAt = (replay: Replay, at: Instant): ReadonlyMap<CustomerId, Omit<Judged, 'good'>> => {
  const open = new Map<CustomerId, Omit<Judged, 'good'>>();
  for (const customer of replay.customers()) {
    const held = replay.standingOf(customer, at);
    if (held !== undefined && held.score !== null) open.set(customer, { grade: held.grade, score: held.score });
  }
  return open;
};
