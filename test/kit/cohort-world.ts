import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import {
  type CohortCuts,
  CohortId,
  type CohortMove,
  type CohortSpec,
  emptyCuts,
  zoneOf,
} from '#shared/domain/cohort.ts';
import { cutsOfHead } from '#shared/domain/cohort-head.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { type RankKey, rankKeyOf } from '#shared/domain/rank-key.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Work } from '#shared/ports/stream.ts';
import { rankCohorts } from '#shared/usecases/rank-cohorts.ts';
import { seeded } from '../bench/grading-model.ts';
import type { Member } from './cohort-reference.ts';
import { crashingCohorts } from './crashing-cohorts.ts';
import { fixedSpecs } from './fixed-models.ts';
import { handStream } from './hand-stream.ts';
import { tenant } from './plant.ts';

export interface CohortWorldSettings {
  readonly spec: CohortSpec;
  readonly seed: number;
  readonly cohorts: CohortStore;
  readonly customers: number;
  readonly steps: number;
  /** Of dying at any one point. */
  readonly crash: number;
  /** False: a grader forgets by which version of the cuts a customer was decided last. */
  readonly remembers?: boolean;
  /** False: a grader tells a cohort of another key alone, and not of another zone. */
  readonly tells?: boolean;
}

/** What grading holds of a customer. */
interface Held {
  readonly customer: CustomerId;
  version: number;
  cohort: CohortId | undefined;
  member: Member | undefined;
  key: RankKey | null;
  zone: number | null;
  /** By cohort, the version of the cuts of the last decision. */
  readonly cutsVersion: Map<CohortId, number>;
}

export const worldCohorts = ['model:1:east', 'model:1:west'].map((id) => CohortId.parse(id));
const start = Date.UTC(2026, 0, 10);
/** A world that has not come to rest by then never will. */
const mostRounds = 20_000;

/**
 * Customers who join, leave, and move in and between cohorts; three graders with cuts of different age; two rankers that take
 * turns, die at any point, get batches again, and run into each other; reviews that come late and out of order. The ranking and
 * its store are the real ones, the graders are what a grader has to do and no more.
 */
export const cohortWorld = ({
  spec,
  seed,
  cohorts,
  customers,
  steps,
  crash,
  remembers = true,
  tells = true,
}: CohortWorldSettings) => {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const held = Array.from({ length: customers }, (_, index) => unknown(`account:crm:${index}`));
  const byId = new Map(held.map((each) => [each.customer, each]));
  const stream = handStream(() => start);
  let chance = crash;
  let depth = 0;
  let offset = 0;
  let reviewed = 0;
  const reviews: Review[] = [];
  const caches = [0, 1, 2].map(() => new Map<CohortId, CohortCuts>());
  const seen = new Map<CohortId, Map<number, CohortCuts>>(
    worldCohorts.map((cohort) => [cohort, new Map([[0, emptyCuts(cohort, spec)]])]),
  );

  const crashing = crashingCohorts(
    { cohorts, stream },
    {
      random,
      chance: () => chance,
      meanwhile: async () => {
        if (chance === 0 || depth > 1 || random() >= 0.01) return;
        await rankAt(Math.max(0, offset - below(20)));
      },
    },
  );
  const newWorker = (): Work =>
    rankCohorts({
      ...{ tenant, cohorts: crashing.cohorts, stream: crashing.stream, metrics: noMetrics },
      specs: fixedSpecs(() => spec),
      park: async (_, reason, detail) => Promise.reject(new Error(`${reason}: ${detail}`)),
    });
  const workers = [newWorker(), newWorker()];

  /** Gives a worker what is next; returns how far that was worked. One that died may be followed by one that knows nothing. */
  const rankAt = async (from: number): Promise<number> => {
    const which = below(2);
    const batch = stream.read(topics.cohorts).slice(from, from + 1 + below(50));
    depth += 1;
    const again = await workers[which]!(batch).catch(() => batch);
    depth -= 1;
    if (again.length > 0 && random() < 0.5) workers[which] = newWorker();
    return again[0]?.offset ?? from + batch.length;
  };
  const consume = async (): Promise<void> => {
    if (offset >= stream.read(topics.cohorts).length) return;
    const before = offset;
    offset = await rankAt(offset);
    if (offset === before) offset = Math.max(0, offset - below(20));
    else if (chance > 0 && random() < 0.05) offset = Math.max(0, offset - below(80));
  };

  const reload = async (cohort: CohortId, worker: number): Promise<CohortCuts> => {
    const head = (await cohorts.findHeads(tenant, [cohort])).get(cohort);
    const cuts = head === undefined ? emptyCuts(cohort, spec) : cutsOfHead(head);
    caches[worker]!.set(cohort, cuts);
    seen.get(cohort)!.set(cuts.version, cuts);
    return cuts;
  };
  const decide = async (each: Held, carried: CohortCuts | undefined, worker: number): Promise<void> => {
    const { cohort, key, cutsVersion } = each;
    if (cohort === undefined || key === null) {
      each.zone = null;
      return;
    }
    if (random() < 0.1) await reload(cohort, worker);
    const known = [caches[worker]!.get(cohort)?.version ?? 0, carried?.version ?? 0, cutsVersion.get(cohort) ?? 0];
    const version = Math.max(...(remembers ? known : known.slice(0, 2)));
    each.zone = zoneOf(key, seen.get(cohort)!.get(version)!, spec);
    cutsVersion.set(cohort, version);
  };
  /** A decision that moves no key. Another zone is told all the same. */
  const decideAgain = async (each: Held, carried: CohortCuts | undefined): Promise<void> => {
    const { cohort, key, zone } = each;
    await decide(each, carried, below(3));
    if (!tells || cohort === undefined || key === null || each.zone === zone) return;
    each.version += 1;
    await tell(each, cohort, key);
  };
  const tell = async (each: Held, cohort: CohortId, key: RankKey | null): Promise<void> => {
    const zone = key === null ? null : each.zone;
    const move: CohortMove = { tenant, cohort, customer: each.customer, version: each.version, key, zone, at: start };
    const value = encodeCloudEvent(
      { id: `${each.customer}#${each.version}`, source: 's', type: 't', data: move },
      start,
    );
    await stream.append(topics.cohorts, [{ key: cohort, value }]);
  };

  const happen = async (): Promise<void> => {
    const each = held[below(customers)]!;
    const kind = random();
    const left = each.cohort;
    if (kind < 0.1) return decideAgain(each, undefined); // an event that moves no key
    each.version += 1;
    each.cohort = kind < 0.2 ? undefined : kind < 0.3 ? worldCohorts[below(2)]! : (left ?? worldCohorts[below(2)]!);
    each.member = each.cohort === undefined ? undefined : anyMember(each.customer, random);
    each.key = each.member === undefined ? null : keyOf(each.member);
    await decide(each, undefined, below(3));
    if (left !== undefined && left !== each.cohort) await tell(each, left, null);
    if (each.cohort !== undefined) await tell(each, each.cohort, each.key);
  };
  const collect = (): void => {
    const events = stream.read(topics.events);
    for (; reviewed < events.length; reviewed += 1) reviews.push(reviewIn(events[reviewed]!.value));
    for (const { cuts } of reviews) seen.get(cuts.cohort)!.set(cuts.version, cuts);
  };
  const review = async (place: number): Promise<void> => {
    const [asked] = reviews.splice(place, 1);
    if (asked === undefined) return;
    const each = byId.get(asked.customer)!;
    if (each.cohort === asked.cuts.cohort) await decideAgain(each, asked.cuts);
  };
  const drain = async (): Promise<void> => {
    for (let round = 0; round < mostRounds; round += 1) {
      await consume();
      collect();
      while (reviews.length > 0) await review(0);
      if (offset >= stream.read(topics.cohorts).length) return;
    }
    throw new Error('the world does not come to rest');
  };

  return {
    run: async (): Promise<void> => {
      for (let step = 0; step < steps; step += 1) {
        await happen();
        if (random() < 0.3) await consume();
        collect();
        if (random() < 0.3)
          for (let some = below(20); some > 0; some -= 1) await review(random() < 0.2 ? below(reviews.length) : 0);
      }
      await drain();
    },
    /** Everything that was ever said comes again, to workers that know nothing, and nobody dies. */
    repeatAll: async (): Promise<void> => {
      chance = 0;
      offset = 0;
      workers.splice(0, 2, newWorker(), newWorker());
      await drain();
    },
    crashes: crashing.crashes,
    /** Reviews asked for, each once. */
    reviewIds: (): ReadonlySet<string> =>
      new Set(stream.read(topics.events).map(({ value }) => (JSON.parse(value) as { id: string }).id)),
    membersOf: (cohort: CohortId): readonly Member[] =>
      held.flatMap((each) => (each.cohort === cohort && each.member !== undefined ? [each.member] : [])),
    zonesOf: (cohort: CohortId): ReadonlyMap<CustomerId, number | null> =>
      new Map(held.filter((each) => each.cohort === cohort).map(({ customer, zone }) => [customer, zone])),
  };
};

interface Review {
  readonly customer: CustomerId;
  readonly cuts: CohortCuts;
}

const reviewIn = (value: string): Review => {
  const event = CustomerEvent.parse((JSON.parse(value) as { data: unknown }).data);
  if (event.kind !== 'review.requested' || event.cohort === undefined) throw new Error(`no review: ${value}`);
  return { customer: event.customer, cuts: event.cohort.cuts };
};

const unknown = (id: string): Held => ({
  customer: CustomerId.parse(id),
  ...{ version: 0, cohort: undefined, member: undefined, key: null, zone: null },
  cutsVersion: new Map<CohortId, number>(),
});

/** A third of all scores is 0 or less, many are equal. */
const anyMember = (customer: CustomerId, random: () => number): Member => {
  const kind = random();
  const score =
    kind < 0.25 ? 0 : kind < 0.33 ? -random() * 10 : kind < 0.7 ? Math.ceil(random() * 5) * 7.5 : 5 / random();
  return { customer, score, tieBreak: Math.floor(random() * 3) };
};

export const keyOf = ({ customer, score, tieBreak }: Member): RankKey => rankKeyOf([score, tieBreak], customer);
