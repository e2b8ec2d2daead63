import * as z from 'zod';
import { SubjectKind } from '../domain/ids.ts';
import { Currency } from '../domain/money.ts';
import { CustomerExpr, Operand } from './expression.ts';
import { keyedUnion, refused } from './keyed-union.ts';
import { Scale } from './scale.ts';
import { Signal } from './signal.ts';
import { Text } from './text.ts';

const Id = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name starts with a letter; letters, digits, _ and - follow');

const isTimezone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // Intl refuses what it does not know with a RangeError
  }
};

const Timezone = z
  .string()
  .refine(isTimezone, { error: 'not a time zone of the IANA database, e.g. Asia/Shanghai or Europe/Berlin' });

const Factor = z.strictObject({
  signal: Id,
  /** Points for a full share. All weights of a model sum to 100. */
  weight: z.number().positive('a weight is a positive number of points; turn the scale round to punish'),
  scale: Scale,
});

const Score = z.discriminatedUnion(
  'combine',
  [
    /** The signal's value is the score; unknown counts as 0. */
    z.strictObject({ combine: z.literal('single'), signal: Id }),
    z.strictObject({
      combine: z.literal('weightedSum'),
      groups: z.record(
        Id,
        z.strictObject({
          title: Text.optional(),
          /** Most points the group may give; none by default. */
          cap: z.number().positive().optional(),
          factors: z.array(Factor).min(1, 'name at least one factor'),
        }),
      ),
    }),
  ],
  { error: 'combine is single or weightedSum' },
);

const Grade = z.strictObject({ id: Id, label: Text, color: z.string().optional(), ranked: z.boolean().default(true) });

const Cutoffs = z.strictObject({
  method: z.literal('absolute', {
    error: ({ input }) =>
      typeof input === 'string'
        ? `cut-offs by ${input} are not supported: they need the whole population; use method: absolute with atLeast`
        : 'name the method: absolute',
  }),
  /** The score from which (≥) each ranked grade but the last begins, best first. */
  atLeast: z.record(Id, z.number()),
});

const Guard = z.strictObject({
  id: Id,
  title: Text.optional(),
  when: CustomerExpr,
  then: keyedUnion(
    {
      grade: z.strictObject({ grade: Id }),
      /** Not better than this grade. */
      cap: z.strictObject({ cap: Id }),
      /** Not worse than this grade. */
      floor: z.strictObject({ floor: Id }),
    },
    'then is { grade: … }, { cap: … } or { floor: … }',
    { hold: 'holding a grade by hand is not supported; use grade, cap or floor' },
  ),
});

const Label = z.union([z.string().min(1), z.number()], 'a label is a text or a number').transform(String);
const LabelSteps = z
  .array(z.tuple([z.number(), Label], 'a band is [limit, label], e.g. [500000, high]'))
  .min(1, 'name at least one band');
const axisHint = 'rows and cols are { group: id, ge: [[limit, label], …], else: label }, or groups: [ids]';
const Axis = keyedUnion(
  {
    group: z.strictObject({ group: Id, ge: LabelSteps, else: Label }),
    groups: z.strictObject({ groups: z.array(Id).min(1), ge: LabelSteps, else: Label }),
  },
  axisHint,
);
export type Axis = z.output<typeof Axis>;

const Tag = keyedUnion(
  {
    /** The first label whose limit the value reaches (≥); `missing` when it is unknown, without it no tag. */
    bands: z.strictObject({
      bands: z.strictObject({ on: Operand, ge: LabelSteps, else: Label, missing: Label.optional() }),
    }),
    field: z.strictObject({ field: z.string().min(1) }),
    /** Two axes joined: row A and column 2 give A2. */
    matrix: z.strictObject({ matrix: z.strictObject({ rows: Axis, cols: Axis }) }),
  },
  'a tag is one of bands, field, matrix',
);
export type Tag = z.output<typeof Tag>;

const Explain = z.strictObject({
  baseline: z.literal('zero', 'points are told from zero: use baseline: zero').default('zero'),
  /** How many reasons a message names. */
  top: z.int().min(1).max(20).default(3),
  counterfactual: refused('counterfactuals are not supported; remove the line'),
  projection: refused('what comes next is always told; remove the line'),
});

/** The shape of a grading model. What the shape cannot say is checked by `Model`. */
export const ModelShape = z.strictObject({
  apiVersion: z.literal('grading/v1', 'apiVersion is grading/v1'),
  kind: z.literal('GradingModel', 'kind is GradingModel'),
  id: Id,
  version: z.int().positive(),
  title: Text,
  subject: z.enum(SubjectKind.options, `subject is one of ${SubjectKind.options.join(', ')}`),
  /** The calendar of every aligned window. */
  timezone: Timezone,
  /** The currency of every amount; a model's numbers are major units. */
  currency: Currency,
  /** Who is graded at all. Without it everybody. */
  scope: z.strictObject({ when: CustomerExpr }).optional(),
  signals: z.record(Id, Signal),
  score: Score,
  grades: z.array(Grade).min(2, 'name at least two grades, best first'),
  cutoffs: Cutoffs,
  /** In order; the first whose condition holds decides. */
  guards: z.array(Guard).default([]),
  tags: z.record(Id, Tag).default({}),
  explain: Explain.prefault({}),
  partitions: z
    .array(z.unknown())
    .max(0, 'partitions are not supported: they belong to cut-offs by rank; remove them')
    .optional(),
  segments: z
    .array(z.unknown())
    .max(0, 'segments are not supported; write a model of its own for those customers, with a scope')
    .optional(),
  stability: refused('stability (exit bands, dwell, maxStep) is not supported; remove the section'),
});
export type ModelShape = Readonly<z.output<typeof ModelShape>>;
export type Guard = ModelShape['guards'][number];
export type WeightedSum = Extract<ModelShape['score'], { combine: 'weightedSum' }>;
export type Factor = WeightedSum['groups'][string]['factors'][number];
