import type { CohortCuts, CohortId, CohortSpec } from '../../domain/cohort.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { type RankKey, rankKeyOf, scorePrefix } from '../../domain/rank-key.ts';
import { exactCuts, zoneFinder } from './exact-cuts.ts';
import type { Kind } from './kind-table.ts';
import type { Answer } from './possible-answers.ts';
import { answerPlace } from './possible-answers.ts';
import type { Survey } from './survey.ts';
import { textAt } from './text-column.ts';

export interface FoundCohort {
  readonly spec: CohortSpec;
  readonly cuts: CohortCuts;
  readonly zoneOf: (rank: number, key: () => RankKey) => number;
}

/** The cohorts of a population, each with its exact cuts. */
export const wholeCohorts = (
  surveys: readonly Survey[],
  specOf: (cohort: CohortId) => CohortSpec | undefined,
): ReadonlyMap<CohortId, FoundCohort> => {
  const found = new Map<CohortId, FoundCohort>();
  for (const [cohort, members] of membersOf(surveys)) {
    const spec = specOf(cohort);
    if (spec === undefined) continue;
    const cuts = exactCuts({
      ...{ cohort, spec, ranks: members.ranks },
      keyAt: (member) => keyAt(surveys, members.places[member] ?? 0),
    });
    found.set(cohort, { spec, cuts, zoneOf: zoneFinder(cuts, spec) });
  }
  return found;
};

/** What a row comes to, once everybody is known. */
export const answerAt = (
  survey: Survey,
  row: number,
  kind: Kind,
  cohorts: ReadonlyMap<CohortId, FoundCohort>,
): Answer | undefined => {
  const cohort = kind.cohort === undefined ? undefined : cohorts.get(kind.cohort);
  if (cohort === undefined) return kind.answers[0];
  return kind.answers[answerPlace(cohort.zoneOf(survey.rank[row] ?? Number.NaN, () => keyOfRow(survey, row)))];
};

interface Members {
  readonly ranks: Float64Array;
  /** Rows counted on through all surveys. */
  readonly places: Uint32Array;
}

const membersOf = (surveys: readonly Survey[]): ReadonlyMap<CohortId, Members> => {
  const sizes = new Map<CohortId, number>();
  forEachMember(surveys, (cohort) => sizes.set(cohort, (sizes.get(cohort) ?? 0) + 1));
  const filling = new Map(
    [...sizes].map(([cohort, size]) => [
      cohort,
      { ranks: new Float64Array(size), places: new Uint32Array(size), filled: 0 },
    ]),
  );
  forEachMember(surveys, (cohort, survey, row, place) => {
    const members = filling.get(cohort);
    if (members === undefined) return;
    members.ranks[members.filled] = survey.rank[row] ?? Number.NaN;
    members.places[members.filled] = place;
    members.filled += 1;
  });
  return filling;
};

type Visit = (cohort: CohortId, survey: Survey, row: number, place: number) => void;

const forEachMember = (surveys: readonly Survey[], visit: Visit): void => {
  let before = 0;
  for (const survey of surveys) {
    for (let row = 0; row < survey.size; row += 1) {
      const cohort = survey.kinds[survey.kind[row] ?? 0]?.cohort;
      if (cohort !== undefined) visit(cohort, survey, row, before + row);
    }
    before += survey.size;
  }
};

const keyAt = (surveys: readonly Survey[], place: number): RankKey => {
  let row = place;
  for (const survey of surveys) {
    if (row < survey.size) return keyOfRow(survey, row);
    row -= survey.size;
  }
  return '';
};

export const keyOfRow = ({ rank, rest }: Survey, row: number): RankKey =>
  `${scorePrefix(rankKeyOf([rank[row] ?? Number.NaN], '' as CustomerId))}${textAt(rest, row)}`;
