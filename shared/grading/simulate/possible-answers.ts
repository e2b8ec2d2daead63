import type { GradeName } from '../../domain/change.ts';
import { type CohortCuts, type CohortId, type CohortSpec, tooFew } from '../../domain/cohort.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Profile } from '../../domain/profile.ts';
import type { RankKey } from '../../domain/rank-key.ts';
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

/** Who is asked about. */
export type AskedAbout = Pick<Standing, 'customer' | 'held' | 'hold' | 'takesOver'>;

export type Ask = (profile: Profile, now: Instant, about: AskedAbout) => PossibleAnswers;

/**
 * Asks a model about one customer after the other: for each zone once, while the customer is at hand, since who is in which is
 * known only when everybody was seen.
 */
export const answersOf = (grader: CompiledGrader): Ask => {
  let spec: CohortSpec | undefined;
  const cutsOf = (cohort: CohortId, asked: CohortSpec): CohortCuts => {
    spec = asked;
    // by no cuts at all everybody is in the best zone
    return { cohort, version: 0, members: asked.minPopulation, cuts: [] };
  };
  return (profile, now, { customer, held, hold, takesOver = false }) => {
    // the same objects of the same shape for everybody, none of them spread: a million customers are asked
    const best = grader.decide(profile, now, { customer, held, hold, takesOver, cutsOf });
    const { score, segment, rank } = best;
    if (rank === undefined || spec === undefined) return { score, segment, rank: undefined, answers: [answerOf(best)] };
    const { minPopulation, thresholds }: CohortSpec = spec;
    const first = answerOf(best);
    const standing = { customer, held, hold, takesOver, cutsOf, zone: tooFew };
    const answers = [minPopulation > 0 ? answerOf(grader.decide(profile, now, standing)) : first, first];
    for (let zone = 1; zone <= thresholds.length; zone += 1) {
      standing.zone = zone;
      answers.push(answerOf(grader.decide(profile, now, standing)));
    }
    return { score, segment, rank: { cohort: rank.cuts.cohort, key: rank.key }, answers };
  };
};

const answerOf = ({ raw, asked, effective, tags }: Decision): Answer => ({ raw, asked, effective, tags });
