import * as z from 'zod';
import { Scalar } from './fact.ts';
import { Instant } from './instant.ts';

const Grade = z.string().min(1);

/** What the reasons are told against. Their `phi` sum to score − `score` within 1e-9. */
const Baseline = z.object({
  kind: z.enum(['zero', 'population', 'cutoff']),
  score: z.number(),
  /** Of a cut-off: the grade that begins there. */
  grade: Grade.optional(),
});

/** A group of factors that gave all it may: their points and phi are cut down in proportion. */
const BindingCap = z.object({ group: z.string(), cap: z.number() });

/** A neighbouring cut, in scores; where customers are ranked, in scores at the cohort's cuts as they are now. */
const BetterCut = z.object({
  grade: Grade,
  /** Score at which this customer comes into the grade. */
  enter: z.number(),
  /** What the score is short of that. */
  margin: z.number(),
  /** Places to gain; absent where the customer's own place is not known. */
  places: z.int().positive().optional(),
});
const CutBelow = z.object({
  /** What the customer would become. */
  grade: Grade,
  /** Score at which the standing grade is entered anew; absent: nobody is inside. */
  enter: z.number().optional(),
  /** Below this score the customer leaves the standing grade. */
  leave: z.number(),
  /** How far the score is above `leave`. */
  margin: z.number(),
  /** Places that may be lost before; absent where the customer's own place is not known. */
  places: z.int().positive().optional(),
});

/** Where a table decides: a cell next to the customer's. */
const NextCell = z.object({
  axis: z.enum(['row', 'column']),
  /** Whether more points on that axis lead there, or fewer. */
  by: z.enum(['more', 'fewer']),
  cell: z.string(),
  grade: Grade,
  /** Points on the axis where the two cells meet. */
  limit: z.number(),
  /** How far the customer's points are away from it. */
  margin: z.number(),
});
export type NextCell = Readonly<z.infer<typeof NextCell>>;

/** By cut-offs and exit bands alone, for a customer that holds the grade just decided: what guards do is not in it. */
const Distance = z.object({
  better: BetterCut.optional(),
  below: CutBelow.optional(),
  cells: z.array(NextCell).optional(),
});
export type Distance = Readonly<z.infer<typeof Distance>>;

/** One thing that is not so, all else being equal. */
const Supposition = z.discriminatedUnion('if', [
  /** So many further facts of a type at the instant of the decision. */
  z.object({ if: z.literal('fact'), type: z.string(), count: z.int().positive() }),
  /** A further fact worth so much to the factor, major units; below zero: it takes away. */
  z.object({ if: z.literal('amount'), factor: z.string(), amount: z.number() }),
  /** None of the facts that the factor looks at. */
  z.object({ if: z.literal('without'), factor: z.string() }),
  /** Another value of the factor. */
  z.object({
    if: z.literal('value'),
    factor: z.string(),
    is: z.enum(['atLeast', 'atMost', 'below', 'equal']),
    value: Scalar,
  }),
]);
export type Supposition = Readonly<z.infer<typeof Supposition>>;

/** What would bring another grade: the customer was graded again with it, so it is so. */
const Counterfactual = z.object({
  suppose: Supposition,
  score: z.number(),
  /** What cut-offs and guards would ask for; a change may still have to last before it counts. */
  grade: Grade,
  direction: z.enum(['up', 'down']),
});
export type Counterfactual = Readonly<z.infer<typeof Counterfactual>>;

/** What comes if nothing happens and nobody else moves. */
const ProjectedStep = z.object({
  at: Instant,
  /** At that instant; null: no longer in the model's scope. */
  score: z.number().nullable(),
  /** By score and cut-offs alone, from then on. */
  raw: Grade.nullable(),
  /** The grade that counts from then on; in an exit band it stays what it was. */
  to: Grade.nullable(),
  /** The guard that decides from then on. */
  guard: z.string().optional(),
  /** The change had to last so long, an ISO 8601 duration; `score` is as of when it began. */
  waited: z.object({ since: Instant, score: z.number().nullable().optional(), dwell: z.string() }).optional(),
});
export type ProjectedStep = Readonly<z.infer<typeof ProjectedStep>>;

/** The cut that moved over the customer, in scores as the customer's own is told; null: nobody was, or is, inside. */
const DisplacedCut = z.object({
  grade: Grade,
  from: z.number().nullable(),
  to: z.number().nullable(),
  passed: z.int().nonnegative(),
});

/**
 * Why a grade is what it is, as of one decision. It travels with the change and is not in the ledger: an entry holds all that the
 * grade follows from, and these are several times its size, written once more for every change and never decided by.
 */
export const Reasons = z.object({
  baseline: Baseline,
  caps: z.array(BindingCap),
  distance: Distance,
  /** At most `explain.top` of the model, the smallest change of the score first, upwards before downwards. */
  counterfactuals: z.array(Counterfactual),
  /** At most three, in order. */
  projection: z.array(ProjectedStep),
  displaced: DisplacedCut.optional(),
});
export type Reasons = Readonly<z.infer<typeof Reasons>>;
