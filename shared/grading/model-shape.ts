import * as z from 'zod';
import { SubjectKind } from '../domain/ids.ts';
import { Currency } from '../domain/money.ts';
import { Cutoffs } from './cutoffs-shape.ts';
import { CustomerExpr } from './expression.ts';
import { Guard as GuardShape } from './guard-shape.ts';
import { Id } from './id.ts';
import { Population } from './population-shape.ts';
import { Scale } from './scale.ts';
import { Segment } from './segment-shape.ts';
import { Signal } from './signal.ts';
import { Stability } from './stability-shape.ts';
import { Tag as TagShape } from './tag-shape.ts';
import { Text } from './text.ts';

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

const FactorShape = z.strictObject({
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
          factors: z.array(FactorShape).min(1, 'name at least one factor'),
        }),
      ),
    }),
  ],
  { error: 'combine is single or weightedSum' },
);

const Grade = z.strictObject({ id: Id, label: Text, color: z.string().optional(), ranked: z.boolean().default(true) });

const Explain = z.strictObject({
  /** What points are told against: the mean customer, the cut-off below, or nothing. */
  baseline: z.enum(['population', 'cutoff', 'zero'], 'baseline is population, cutoff or zero').default('zero'),
  /** How many reasons a message names. */
  top: z.int().min(1).max(20).default(3),
  /** Tell what would change the grade. */
  counterfactual: z.boolean().default(true),
  /** Tell what comes if nothing happens. */
  projection: z.boolean().default(true),
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
  /** Attributes: customers with the same values are ranked against each other. */
  partitions: z.array(z.string().min(1)).default([]),
  signals: z.record(Id, Signal),
  score: Score,
  grades: z.array(Grade).min(2, 'name at least two grades, best first'),
  cutoffs: Cutoffs,
  /** In order; the first whose condition holds decides. */
  guards: z.array(GuardShape).default([]),
  stability: Stability.optional(),
  /** In order; the first whose condition holds changes the model for its customers. */
  segments: z.array(Segment).default([]),
  tags: z.record(Id, TagShape).default({}),
  explain: Explain.prefault({}),
  population: Population.optional(),
});
export type ModelShape = Readonly<z.output<typeof ModelShape>>;
export type Guard = ModelShape['guards'][number];
export type Tag = ModelShape['tags'][string];
export type Axis = Extract<Tag, { matrix: unknown }>['matrix']['rows'];
export type WeightedSum = Extract<ModelShape['score'], { combine: 'weightedSum' }>;
export type Factor = WeightedSum['groups'][string]['factors'][number];
