import type { CohortId } from '../../domain/cohort.ts';
import type { Kind } from './kind-table.ts';
import type { Answer } from './possible-answers.ts';
import type { Survey } from './survey.ts';
import { answerAt, type FoundCohort } from './whole-cohorts.ts';

/** Customers and hundredths of what they are worth: whole numbers, so that no order of adding matters. */
export interface Tally {
  customers: number;
  hundredths: number;
}

/** Customers of one kind who come to one answer. */
export interface Combination extends Readonly<Tally> {
  readonly kind: Kind;
  readonly answer: Answer;
}

export interface Row {
  readonly survey: Survey;
  readonly row: number;
  readonly kind: Kind;
  readonly answer: Answer;
}

type Cohorts = ReadonlyMap<CohortId, FoundCohort>;

/** Everybody, each with the answer that is right now that the cuts are known. */
export function* answeredRows(surveys: readonly Survey[], cohorts: Cohorts): Generator<Row> {
  for (const survey of surveys)
    for (let row = 0; row < survey.size; row += 1) {
      const kind = survey.kinds[survey.kind[row] ?? 0];
      const answer = kind === undefined ? undefined : answerAt(survey, row, kind, cohorts);
      if (kind !== undefined && answer !== undefined) yield { survey, row, kind, answer };
    }
}

/** Adds everybody up, and shows each to `see`. All sums that are wanted come from these few. */
export const combine = (
  surveys: readonly Survey[],
  cohorts: Cohorts,
  see: (row: Row) => void,
): readonly Combination[] => {
  const tallies = new Map<Answer, { readonly kind: Kind; readonly tally: Tally }>();
  for (const one of answeredRows(surveys, cohorts)) {
    const { survey, row, kind, answer } = one;
    let known = tallies.get(answer);
    if (known === undefined) {
      known = { kind, tally: { customers: 0, hundredths: 0 } };
      tallies.set(answer, known);
    }
    known.tally.customers += 1;
    known.tally.hundredths += hundredthsOf(survey.value[row] ?? 0);
    see(one);
  }
  return [...tallies].map(([answer, { kind, tally }]) => ({ kind, answer, ...tally }));
};

const hundredthsOf = (value: number): number => Math.round(value * 100);
