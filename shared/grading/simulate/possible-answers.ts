import type { GradeName } from '../../domain/change.ts';
import { type CohortCuts, type CohortId, type CohortSpec, emptyCuts, tooFew } from '../../domain/cohort.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/profile.ts';
import { afterAll, type RankKey } from '../../domain/rank-key.ts';
import type { CompiledGrader, Decision, Standing } from '../grader.ts';

/** What a model makes of a customer in one zone. */
export interface Answer {
  readonly raw: GradeName;
  /** After exit bands and guards, before it has lasted. */
  readonly asked: GradeName;
  readonly effective: GradeName;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a model makes of a customer wherever the cuts may turn out to be. */
export interface PossibleAnswers {
  /** Null: not in scope. */
  readonly score: number | null;
  readonly segment: string | undefined;
  /** Absent where the model looks at nobody else. */
  readonly rank: { readonly cohort: CohortId; readonly key: RankKey } | undefined;
  /** One alone where nobody else is looked at; otherwise by {@link answerPlace}. */
  readonly answers: readonly Answer[];
}

/** Where the answer for a zone stands: that for too few members comes first. */
export const answerPlace = (zone: number): number => zone - tooFew;

/** Asks for each zone once, while the customer is at hand: who is in which is known when everybody was seen. */
export const possibleAnswers = (
  grader: CompiledGrader,
  profile: Profile,
  now: Instant,
  standing: Omit<Standing, 'cutsOf'>,
): PossibleAnswers => {
  let asked: CohortSpec | undefined;
  const first = grader.decide(profile, now, {
    ...standing,
    cutsOf: (cohort, spec) => {
      asked = spec;
      return cutsFor(0, cohort, spec);
    },
  });
  const { score, segment, rank } = first;
  if (rank === undefined || asked === undefined) return { score, segment, rank: undefined, answers: [answerOf(first)] };
  const cuts = forcedCuts(asked);
  let zone = tooFew;
  const again: Standing = { ...standing, cutsOf: (cohort, spec) => cuts[answerPlace(zone)] ?? emptyCuts(cohort, spec) };
  const answers: Answer[] = [];
  for (; zone <= asked.thresholds.length; zone += 1)
    answers.push(
      answerOf(
        zone === 0 || (zone === tooFew && asked.minPopulation === 0) ? first : grader.decide(profile, now, again),
      ),
    );
  return { score, segment, rank: { cohort: rank.cuts.cohort, key: rank.key }, answers };
};

const answerOf = ({ raw, asked, effective, tags }: Decision): Answer => ({ raw, asked, effective, tags });

/** By specification: for each zone cuts by which every key is in it. They are asked for a million times. */
const known = new WeakMap<CohortSpec, readonly CohortCuts[]>();
const anyCohort = 'any' as CohortId;

const forcedCuts = (spec: CohortSpec): readonly CohortCuts[] => {
  const made = known.get(spec);
  if (made !== undefined) return made;
  const zones = Array.from({ length: spec.thresholds.length + 2 }, (_, place) => place + tooFew);
  const cuts = zones.map((zone) => cutsFor(zone, anyCohort, spec));
  known.set(spec, cuts);
  return cuts;
};

/** Cuts by which every key is in this zone. */
const cutsFor = (zone: number, cohort: CohortId, { thresholds, minPopulation }: CohortSpec): CohortCuts => ({
  cohort,
  version: 0,
  members: zone === tooFew ? minPopulation - 1 : minPopulation,
  cuts: thresholds.map((_, index) => ({ key: index < zone ? null : afterAll })),
});
