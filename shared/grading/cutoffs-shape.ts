import * as z from 'zod';
import { parseDecimal } from '../domain/decimal.ts';
import { Id } from './id.ts';
import { Axis } from './tag-shape.ts';

/** So many decimals are counted exactly: p·N stays a safe integer for thousands of millions of customers. */
const mostDecimals = 6;

/** True for what has an exact decimal of few digits: a threshold must not depend on how doubles round. */
export const isExactPortion = (value: number): boolean =>
  (parseDecimal(value)?.scale ?? Number.POSITIVE_INFINITY) <= mostDecimals;

const Portion = z
  .number()
  .gt(0, 'a portion lies between 0 and 1, e.g. 0.2 for the best 20 %')
  .lt(1, 'a portion lies between 0 and 1, e.g. 0.2 for the best 20 %; the last grade takes the rest')
  .refine(isExactPortion, `a portion has at most ${mostDecimals} decimals`);

/** The score from which (≥) each ranked grade but the last begins, best first. */
const AtLeast = z.record(Id, z.number());

const Fallback = z.strictObject({
  method: z.literal('absolute', 'a fallback is { method: absolute, atLeast: { … } }'),
  atLeast: AtLeast,
});

const TieBreak = z.union(
  [z.literal('id'), z.strictObject({ signal: Id, dir: z.enum(['asc', 'desc']) })],
  'a tie-break is { signal: name, dir: desc } or id',
);

/** A score of 0 or less is never better than this grade. */
const nonPositive = Id.optional();

const relative = {
  /** How far down each ranked grade but the last goes, best first. */
  upTo: z.record(Id, Portion),
  /** Equal scores: told apart by `tieBreak`, or all of them in the better grade, or all in the worse. */
  ties: z.enum(['byKey', 'include', 'exclude'], 'ties is byKey, include or exclude').default('byKey'),
  tieBreak: z.array(TieBreak).default(['id']),
  /** With fewer customers than this `fallback` decides. */
  minPopulation: z.int().min(0).default(0),
  fallback: Fallback.optional(),
  nonPositive,
};

export const Cutoffs = z.discriminatedUnion(
  'method',
  [
    /** By place among all customers: A goes to the best ⌈p·N⌉. */
    z.strictObject({ method: z.literal('rank'), ...relative }),
    /** By cumulative share of the total Σ max(0, score), best first. */
    z.strictObject({
      method: z.literal('share'),
      ...relative,
      /** `start`: the customer that straddles p belongs to the better grade; `end`: to the worse. */
      boundary: z.enum(['start', 'end'], 'boundary is start or end').default('start'),
    }),
    z.strictObject({ method: z.literal('absolute'), atLeast: AtLeast, nonPositive }),
    /** Row A and column 2 lead to the grade of cell A2. */
    z.strictObject({ method: z.literal('matrix'), rows: Axis, cols: Axis, cells: z.record(z.string(), Id) }),
  ],
  { error: 'method is rank, share, absolute or matrix' },
);
export type Cutoffs = Readonly<z.output<typeof Cutoffs>>;
export type RelativeCutoffs = Extract<Cutoffs, { method: 'rank' | 'share' }>;
export type MatrixCutoffs = Extract<Cutoffs, { method: 'matrix' }>;

/** Cut-offs for which customers are ranked against each other. */
export const areRelative = (cutoffs: Cutoffs): cutoffs is RelativeCutoffs =>
  cutoffs.method === 'rank' || cutoffs.method === 'share';
