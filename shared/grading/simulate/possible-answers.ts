import type { GradeName } from '../../domain/change.ts';
import { type CohortCuts, type CohortId, type CohortSpec, tooFew } from '../../domain/cohort.ts';
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
  const decideIn = (zone: number): Decision =>
    grader.decide(profile, now, {
      ...standing,
      cutsOf: (cohort, spec) => {
        asked = spec;
        return cutsFor(zone, cohort, spec);
      },
    });
  const first = decideIn(0);
  const { score, segment, rank } = first;
  if (rank === undefined || asked === undefined) return { score, segment, rank: undefined, answers: [answerOf(first)] };
  const answers = [asked.minPopulation > 0 ? answerOf(decideIn(tooFew)) : answerOf(first), answerOf(first)];
  for (let zone = 1; zone <= asked.thresholds.length; zone += 1) answers.push(answerOf(decideIn(zone)));
  return { score, segment, rank: { cohort: rank.cuts.cohort, key: rank.key }, answers };
};

const answerOf = ({ raw, asked, effective, tags }: Decision): Answer => ({ raw, asked, effective, tags });

/** Cuts by which every key is in this zone. */
const cutsFor = (zone: number, cohort: CohortId, { thresholds, minPopulation }: CohortSpec): CohortCuts => ({
  cohort,
  version: 0,
  members: zone === tooFew ? minPopulation - 1 : minPopulation,
  cuts: thresholds.map((_, index) => ({ key: index < zone ? null : afterAll })),
});
