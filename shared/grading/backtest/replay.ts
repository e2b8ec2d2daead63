import type { GradeName } from '../../domain/change.ts';
import { type CohortCuts, type CohortId, type CohortSpec, emptyCuts } from '../../domain/cohort.ts';
import type { Waiting } from '../../domain/customer-state.ts';
import type { Attributes, Fact } from '../../domain/fact.ts';
import type { CustomerId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/profile.ts';
import type { RankKey } from '../../domain/rank-key.ts';
import type { CompiledGrader, Decision } from '../grader.ts';
import { dueQueue } from './due-queue.ts';
import { type LiveCohort, liveCohort, type Step } from './live-cohort.ts';

/** Something that happened to a customer, as it came in: at the instant of its fact. */
export interface ReplayedEvent {
  readonly customer: CustomerId;
  readonly fact: Fact;
  /** What it says about the customer beside the fact; holds until something else is said. */
  readonly attributes?: Attributes | undefined;
}

/** `own`: an event of the customer; `displaced`: others moved; `timer`: nothing happened but time. */
export type ReplayCause = 'own' | 'displaced' | 'timer';

export interface ReplayedChange {
  readonly customer: CustomerId;
  readonly at: Instant;
  readonly from: GradeName;
  readonly to: GradeName;
  readonly cause: ReplayCause;
  /** Everything that one event, or one instant of timers, leads to shares a number; they grow. */
  readonly turn: number;
  /** True where an event led to it, of this customer or of another. */
  readonly byEvent: boolean;
  /** The customer was never decided before. */
  readonly first: boolean;
}

/** Of a customer that is asked about between two events. */
export interface ReplayedStanding {
  readonly customer: CustomerId;
  readonly grade: GradeName;
  /** Null: not in scope. */
  readonly score: number | null;
}

export interface Replay {
  /** Lets time pass up to the event, then takes it in. Events come by their instants. */
  put(event: ReplayedEvent): void;
  /** Plays every timer up to and including an instant. */
  passTo(until: Instant): void;
  /** What a customer holds, with its score at an instant that is not in the past. Undefined: nothing is known of it. */
  standingOf(customer: CustomerId, at: Instant): ReplayedStanding | undefined;
  customers(): Iterable<CustomerId>;
}

interface Played {
  readonly number: number;
  readonly customer: CustomerId;
  readonly facts: Fact[];
  attributes: Attributes;
  held: { readonly grade: GradeName; readonly waiting?: Waiting } | undefined;
  place: { readonly cohort: CohortId; readonly key: RankKey } | undefined;
}

type Why = Pick<ReplayedChange, 'cause' | 'turn' | 'byEvent'>;

/**
 * Plays a history by one model as it would have been lived through: after each event the cuts are where they belong, the customer
 * is decided by them, then everybody whom the cuts passed; between events timers fire at their instants. All that falls due at one
 * instant is decided together, so that the order of customers does not matter. `changed` hears each change as it comes.
 */
export const replayHistory = (grader: CompiledGrader, changed: (change: ReplayedChange) => void): Replay => {
  const played = new Map<CustomerId, Played>();
  const byNumber: Played[] = [];
  const cohorts = new Map<CohortId, LiveCohort>();
  const queue = dueQueue();
  let turn = 0;

  const cutsOf = (cohort: CohortId, spec: CohortSpec): CohortCuts =>
    cohorts.get(cohort)?.cuts() ?? emptyCuts(cohort, spec);
  const decide = (one: Played, profile: Profile, now: Instant): Decision =>
    grader.decide(profile, now, { customer: one.customer, held: one.held, cutsOf });

  /** Where customers stand at an instant, told to their cohorts; returns who else is in another zone now. */
  const place = (some: readonly (readonly [Played, Profile])[], now: Instant): readonly CustomerId[] => {
    const steps = new Map<CohortId, Step[]>();
    for (const [one, profile] of some) {
      const { rank } = decide(one, profile, now);
      const next = rank === undefined ? undefined : { cohort: rank.cuts.cohort, key: rank.key };
      for (const [cohort, step] of stepsBetween(one, next)) {
        const moves = steps.get(cohort);
        if (moves === undefined) steps.set(cohort, [step]);
        else moves.push(step);
      }
      one.place = next;
    }
    return [...steps].flatMap(([cohort, moves]) => openCohort(cohort).move(moves, now));
  };
  const openCohort = (cohort: CohortId): LiveCohort => {
    const known = cohorts.get(cohort);
    if (known !== undefined) return known;
    const spec = grader.specOf(cohort);
    if (spec === undefined) throw new Error(`cohort ${cohort} is not of the model that named it`);
    const opened = liveCohort(cohort, spec);
    cohorts.set(cohort, opened);
    return opened;
  };
  const settle = (one: Played, profile: Profile, now: Instant, why: Why): void => {
    const { effective, waiting, next } = grader.grade(profile, now, { customer: one.customer, held: one.held, cutsOf });
    const { held, customer } = one;
    one.held = waiting === undefined ? { grade: effective } : { grade: effective, waiting };
    queue.set(one.number, next === undefined ? undefined : Math.max(next, now + 1));
    const from = held?.grade ?? null;
    if (from !== effective) changed({ ...why, customer, at: now, from, to: effective, first: held === undefined });
  };
  const decideAll = (some: readonly Played[], now: Instant, cause: 'own' | 'timer'): void => {
    turn += 1;
    const why = { turn, byEvent: cause === 'own' };
    const profiles = some.map((one) => [one, profileOf(one)] as const);
    const others = new Set(place(profiles, now));
    for (const [one, profile] of profiles) {
      settle(one, profile, now, { ...why, cause });
      others.delete(one.customer);
    }
    for (const customer of others) {
      const one = played.get(customer);
      if (one !== undefined) settle(one, profileOf(one), now, { ...why, cause: 'displaced' });
    }
  };
  const passTo = (until: Instant): void => {
    for (let at = queue.next(); at !== undefined && at <= until; at = queue.next())
      decideAll(
        queue.takeNext().flatMap((number) => byNumber[number] ?? []),
        at,
        'timer',
      );
  };
  const meet = (customer: CustomerId): Played => {
    const known = played.get(customer);
    if (known !== undefined) return known;
    const met = { number: byNumber.length, customer, facts: [], attributes: {}, held: undefined, place: undefined };
    played.set(customer, met);
    byNumber.push(met);
    return met;
  };

  return {
    put: ({ customer, fact, attributes }) => {
      passTo(fact.at);
      const one = meet(customer);
      one.facts.push(fact);
      if (attributes !== undefined) one.attributes = { ...one.attributes, ...attributes };
      decideAll([one], fact.at, 'own');
    },
    passTo,
    standingOf: (customer, at) => {
      const one = played.get(customer);
      if (one === undefined) return undefined;
      const { score } = decide(one, profileOf(one), at);
      return { customer, grade: one.held?.grade ?? null, score };
    },
    customers: () => played.keys(),
  };
};

/** The list of facts goes on growing in place: a grader is handed a profile that it has not seen before. */
const profileOf = ({ attributes, facts }: Played): Profile => ({ attributes, facts });

const stepsBetween = ({ customer, place }: Played, next: Played['place']): (readonly [CohortId, Step])[] => {
  if (place?.cohort === next?.cohort) {
    if (place === undefined || next === undefined || place.key === next.key) return [];
    return [[place.cohort, { customer, from: place.key, to: next.key }]];
  }
  return [
    ...(place === undefined ? [] : [[place.cohort, { customer, from: place.key, to: null }] as const]),
    ...(next === undefined ? [] : [[next.cohort, { customer, from: null, to: next.key }] as const]),
  ];
};
