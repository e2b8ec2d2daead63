import type { CohortId, CohortSpec } from '../domain/cohort.ts';
import { CohortId as CohortIdSchema } from '../domain/cohort.ts';
import type { Attributes } from '../domain/fact.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { shortKey } from '../domain/profile.ts';
import { type RankKey, rankKeyOf } from '../domain/rank-key.ts';
import type { Calendar } from './calendar.ts';
import { fixedMs } from './duration.ts';
import type { Model } from './model.ts';
import { scalarAt, type View } from './view.ts';
import { type Boundary, placeThresholds } from './zones.ts';

export type RankedCutoffs = Extract<Model['cutoffs'], { method: 'rank' | 'share' }>;

/** Where a customer stands among others. Its numbers do not move with the clock, so that nobody's place does without a step. */
export interface Ranking {
  readonly spec: CohortSpec;
  readonly boundaries: readonly Boundary[];
  /** Reads the numbers of the rank key from the view and remembers them. */
  readonly find: () => void;
  /** True when the view comes to the numbers remembered. */
  readonly isSame: () => boolean;
  /** Of the numbers remembered. */
  readonly keyOf: (customer: CustomerId) => RankKey;
  readonly cohortOf: (attributes: Attributes) => CohortId;
  /** True for the cohorts that `cohortOf` names. */
  readonly owns: (cohort: CohortId) => boolean;
  /** The score, as a reader knows it, that the first number of a key stands for at an instant. */
  readonly scoreOf: (number: number, now: Instant) => number;
}

interface RankingParts {
  readonly model: Model;
  readonly cutoffs: RankedCutoffs;
  /** What the ids of its cohorts begin with: model, hash, segment. */
  readonly family: string;
  readonly view: View;
  readonly indexOf: ReadonlyMap<string, number>;
  /** By signal: what it is ranked by. */
  readonly rankValues: readonly (() => number)[];
  readonly calendar: Calendar;
}

export const compileRanking = (parts: RankingParts): Ranking => {
  const { model, cutoffs, family } = parts;
  const { values, boundaries } = thresholdsOf(model, cutoffs);
  const readers = readersOf(parts);
  const numbers = new Float64Array(readers.length);
  const { partitions } = model;
  return {
    spec: {
      method: cutoffs.method,
      thresholds: values,
      ties: cutoffs.ties,
      boundary: cutoffs.method === 'share' ? cutoffs.boundary : 'start',
      minPopulation: cutoffs.minPopulation,
    },
    boundaries,
    find: () => {
      for (let i = 0; i < readers.length; i += 1) numbers[i] = readers[i]?.() ?? Number.NaN;
    },
    isSame: () => readers.every((read, i) => Object.is(read() + 0, (numbers[i] ?? 0) + 0)),
    keyOf: (customer) => rankKeyOf(Array.from(numbers), customer),
    cohortOf: (attributes) =>
      CohortIdSchema.parse(
        partitions.length === 0
          ? family
          : `${family}:${partitions.map((name) => partitionText(scalarAt(attributes, name))).join(':')}`,
      ),
    owns: (cohort) => cohort === family || (partitions.length > 0 && cohort.startsWith(`${family}:`)),
    scoreOf: scoreReader(parts),
  };
};

/** Entry and exit of a grade lie `up` before and `down` beyond its cut-off, in the cut-off's own unit: a share of the cohort. */
const thresholdsOf = (
  { stability }: Model,
  { upTo }: RankedCutoffs,
): { readonly values: readonly string[]; readonly boundaries: readonly Boundary[] } => {
  const band = stability?.hysteresis;
  const [up, down] = band === undefined ? [0, 0] : [band.up, band.down];
  return placeThresholds(
    Object.values(upTo).map((share) => ({
      cut: shareText(share),
      enter: shareText(share - up),
      leave: shareText(share + down),
    })),
    (a, b) => Number(a) - Number(b),
  );
};

/** Shares are written in millionths at most: the sum of two is exact again once it is rounded there. */
const shareText = (share: number): string => String(Math.round(share * 1e6) / 1e6);

/** The score, then the tie-breaks. `asc` ranks the smaller value first. The customer's id comes last by itself. */
const readersOf = ({ model, cutoffs, view, indexOf, rankValues }: RankingParts): readonly (() => number)[] => {
  const score =
    model.score.combine === 'single'
      ? rankedScore(rankValues[indexOf.get(model.score.signal) ?? 0])
      : () => view.score[0] ?? 0;
  const ties = cutoffs.tieBreak.flatMap((tie) => {
    if (tie === 'id') return [];
    const read = rankValues[indexOf.get(tie.signal) ?? 0] ?? (() => Number.NaN);
    return [tie.dir === 'asc' ? () => -read() : read];
  });
  return [score, ...ties];
};

/** An unknown score counts as 0, as everywhere. */
const rankedScore = (read: (() => number) | undefined) => (): number => {
  const value = read?.() ?? 0;
  return Number.isNaN(value) ? 0 : value;
};

const scoreReader = ({ model, calendar }: RankingParts): Ranking['scoreOf'] => {
  const signal = model.score.combine === 'single' ? model.signals[model.score.signal] : undefined;
  if (signal?.agg === 'daysSinceLast' || signal?.agg === 'daysSinceFirst')
    return (number, now) => calendar.dayOf(now) + number;
  if (signal?.decay === undefined || signal.decay.align === 'day') return (number) => number;
  const length = fixedMs(signal.decay.halfLife);
  return (number, now) => 2 ** (number - now / length);
};

/** Long or odd values are told apart by a hash: a partition is a word nearly always. */
const partitionText = (value: string | number | boolean | undefined): string => {
  if (value === undefined) return '-';
  const text = String(value);
  return /^[\p{L}\p{N} _.-]{1,40}$/u.test(text) && text !== '-' ? text : `#${shortKey(`partition ${text}`)}`;
};
