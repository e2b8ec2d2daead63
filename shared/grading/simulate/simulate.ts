import { directionBetween } from '../../domain/action.ts';
import type { GradeName } from '../../domain/change.ts';
import type { CohortCuts } from '../../domain/cohort.ts';
import type { CustomerId } from '../../domain/ids.ts';
import { canonicalJson } from '../../domain/json.ts';
import { customerOfKey } from '../../domain/rank-key.ts';
import type { CompiledGrader } from '../grader.ts';
import { bestRows } from './best-movers.ts';
import { answeredRows, type Combination, combine, type Row, type Tally } from './combinations.ts';
import type { Answer } from './possible-answers.ts';
import type { Survey } from './survey.ts';
import { textAt } from './text-column.ts';
import { keyOfRow, wholeCohorts } from './whole-cohorts.ts';

/** Customers, and what they are worth together in major units, to the hundredth. */
export interface Amount {
  readonly customers: number;
  readonly value: number;
}

export interface Transition extends Amount {
  readonly from: GradeName;
  readonly to: GradeName;
}

/** What a grade comes to. */
export interface GradeAmounts {
  readonly grade: GradeName;
  /** Who holds it now. */
  readonly held: Amount;
  /** Who belongs there by score and cut-offs alone. */
  readonly raw: Amount;
  /** Who would hold it: after guards, and after stability, which starts from the grade held. */
  readonly effective: Amount;
}

export interface SegmentAmounts {
  /** Undefined: customers of no segment, or without the attribute. */
  readonly segment: string | undefined;
  readonly all: Amount;
  readonly moving: Amount;
  readonly matrix: readonly Transition[];
}

/** A customer whose grade would change. */
export interface Mover {
  readonly customer: CustomerId;
  readonly name: string;
  readonly from: GradeName;
  readonly to: GradeName;
  readonly raw: GradeName;
  readonly score: number | null;
  readonly value: number;
}

/** Changes of one sort, and how many customers have them. */
export interface ChangeKind {
  readonly from: GradeName;
  readonly to: GradeName;
  readonly tags: Answer['tags'];
  readonly connection: string;
  readonly customers: number;
}

export interface Simulation {
  readonly all: Amount;
  readonly moving: Amount;
  readonly up: Amount;
  readonly down: Amount;
  /** Who would ask for another grade that first has to last. */
  readonly waiting: Amount;
  /** Who is graded, and nothing is known of what the score reads. */
  readonly withoutData: Amount;
  readonly graded: Amount;
  readonly matrix: readonly Transition[];
  readonly grades: readonly GradeAmounts[];
  readonly segments: readonly SegmentAmounts[];
  readonly cohorts: readonly CohortCuts[];
  readonly changes: readonly ChangeKind[];
  /** Those who would move, of the greatest value first. */
  readonly movers: readonly Mover[];
}

export interface Simulated extends Simulation {
  /** All who would move, in the order they were asked. */
  everyMover(): Iterable<Mover>;
}

/** Adds up what everybody was asked: who would move, and what that comes to. `top`: movers that are named. */
export const simulate = (
  surveys: readonly Survey[],
  { specOf, grades }: Pick<CompiledGrader, 'specOf' | 'grades'>,
  top: number,
): Simulated => {
  const cohorts = wholeCohorts(surveys, specOf);
  const best = bestRows(top);
  const combinations = combine(surveys, cohorts, (row) => {
    if (moves(row)) best.see(row);
  });
  const moving = combinations.filter(moves);
  const going = (direction: string): Amount =>
    sum(moving.filter(({ kind, answer }) => directionBetween(kind.held, answer.effective, grades) === direction));
  const names = namesOf(combinations, grades);
  const graded = combinations.filter(({ kind }) => kind.inScope);
  return {
    all: sum(combinations),
    moving: sum(moving),
    up: going('up'),
    down: going('down'),
    waiting: sum(graded.filter(({ answer }) => answer.asked !== answer.effective)),
    graded: sum(graded),
    withoutData: sum(graded.filter(({ kind }) => !kind.hasData)),
    matrix: matrixOf(combinations, names),
    grades: names.map((grade) => ({
      grade,
      held: sum(combinations.filter(({ kind }) => kind.held === grade)),
      raw: sum(combinations.filter(({ answer }) => answer.raw === grade)),
      effective: sum(combinations.filter(({ answer }) => answer.effective === grade)),
    })),
    segments: segmentsOf(combinations, names),
    cohorts: [...cohorts.values()].map(({ cuts }) => cuts),
    changes: changesOf(moving),
    movers: best.rows().map(moverOf),
    everyMover: function* () {
      for (const row of answeredRows(surveys, cohorts)) if (moves(row)) yield moverOf(row);
    },
  };
};

/** The same whoever asked whom: sorted, each once. */
const changesOf = (moving: readonly Combination[]): readonly ChangeKind[] => {
  const changes = new Map<string, ChangeKind>();
  for (const { kind, answer, customers } of moving) {
    const { connection, held: from } = kind;
    const { effective: to, tags } = answer;
    const label = canonicalJson([from, to, connection, tags]);
    const before = changes.get(label)?.customers ?? 0;
    changes.set(label, { from, to, tags, connection, customers: before + customers });
  }
  return [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
};

const moves = ({ kind, answer }: Pick<Row, 'kind' | 'answer'>): boolean => kind.held !== answer.effective;

const sum = (tallies: readonly Readonly<Tally>[]): Amount => {
  let [customers, hundredths] = [0, 0];
  for (const tally of tallies) {
    customers += tally.customers;
    hundredths += tally.hundredths;
  }
  return { customers, value: hundredths / 100 };
};

/** Those of the model, best first, then others that are held, then none where anybody has none. */
const namesOf = (combinations: readonly Combination[], grades: CompiledGrader['grades']): readonly GradeName[] => {
  const seen = new Set(combinations.flatMap(({ kind, answer }) => [kind.held, answer.effective, answer.raw]));
  const own: GradeName[] = grades.map(({ id }) => id);
  const others = [...seen].filter((grade) => grade !== null && !own.includes(grade)).sort();
  return [...own, ...others, ...(seen.has(null) ? [null] : [])];
};

const matrixOf = (combinations: readonly Combination[], names: readonly GradeName[]): readonly Transition[] =>
  names.flatMap((from) =>
    names.flatMap((to) => {
      const amount = sum(combinations.filter(({ kind, answer }) => kind.held === from && answer.effective === to));
      return amount.customers === 0 ? [] : [{ from, to, ...amount }];
    }),
  );

/** By name; customers of none come last. */
const segmentsOf = (combinations: readonly Combination[], names: readonly GradeName[]): readonly SegmentAmounts[] => {
  const segments = new Map<string | undefined, Combination[]>();
  for (const combination of combinations) {
    const known = segments.get(combination.kind.segment);
    if (known === undefined) segments.set(combination.kind.segment, [combination]);
    else known.push(combination);
  }
  return [...segments]
    .sort(([a], [b]) => Number(a === undefined) - Number(b === undefined) || ((a ?? '') < (b ?? '') ? -1 : 1))
    .map(([segment, own]) => ({
      segment,
      all: sum(own),
      moving: sum(own.filter(moves)),
      matrix: matrixOf(own, names),
    }));
};

const moverOf = ({ survey, row, kind, answer }: Row): Mover => {
  const score = survey.score[row] ?? Number.NaN;
  return {
    customer: customerOfKey(keyOfRow(survey, row)),
    name: textAt(survey.name, row),
    ...{ from: kind.held, to: answer.effective, raw: answer.raw },
    score: Number.isNaN(score) ? null : score,
    value: survey.value[row] ?? 0,
  };
};
