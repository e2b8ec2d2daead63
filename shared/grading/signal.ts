import * as z from 'zod';
import { FactType } from '../domain/fact.ts';
import { Duration } from './duration.ts';
import { FactExpr } from './expression.ts';
import { Fitted } from './fitted-shape.ts';
import { keyedUnion } from './keyed-union.ts';
import { Text } from './text.ts';

const From = keyedUnion(
  {
    attribute: z.strictObject({ attribute: z.string().min(1) }),
    events: z.strictObject({
      events: z.array(FactType).min(1, 'name at least one kind of fact, e.g. invoice.paid'),
      /** Conditions on the fact's own fields. */
      where: FactExpr.optional(),
      /** Of facts with the same value of this field the latest counts. */
      distinctBy: z.string().min(1).optional(),
    }),
    model: Fitted,
  },
  'a signal comes from { attribute: name }, { events: [invoice.paid, …] } or { model: bgnbd.alive, params: { … } }',
);

/** `amount` is the fact's amount in major units (`amountBase` says the same); `fields.x`, or x alone, a further value of the fact. */
const ValuePath = z
  .string()
  .regex(/^(fields\.)?[^.]+$/, 'a value is read from amount, or from fields.<name>')
  .transform((path) =>
    path === 'amount' || path === 'amountBase' || path.startsWith('fields.') ? path : `fields.${path}`,
  );

const Value = keyedUnion(
  {
    path: z.strictObject({
      path: ValuePath,
      /** −1 for kinds of facts that subtract, such as refunds. */
      sign: z.record(z.string(), z.union([z.literal(-1), z.literal(1)], 'a sign is 1 or -1')).optional(),
    }),
    perEvent: z.strictObject({ perEvent: z.record(z.string(), z.number()) }),
  },
  'a value is { path: amount } or { perEvent: { meeting.held: 5, … } }',
);

const Window = keyedUnion(
  {
    last: z.strictObject({ last: Duration, align: z.enum(['instant', 'day', 'week', 'month']).default('instant') }),
    lifetime: z.strictObject({
      lifetime: z.literal(true),
      /** Accepted for symmetry: everything ever counts, whatever the calendar. */
      align: z.enum(['instant', 'day', 'week', 'month']).default('instant'),
    }),
  },
  'a window is { last: P365D, align: day } or { lifetime: true }',
);

const Missing = keyedUnion(
  {
    /** The value absence stands for; it counts as known. Null says: unknown, as without a rule. */
    value: z.strictObject({ value: z.union([z.number(), z.string(), z.boolean(), z.null()]) }),
    /** The share (0 to 1) of the factor's weight given to the unknown; it still counts as unknown. */
    points: z.strictObject({ points: z.number().min(0).max(1) }),
  },
  'missing is { value: … } or { points: 0 to 1 }',
);

const aggregations = [
  'sum',
  'count',
  'avg',
  'min',
  'max',
  'last',
  'distinct',
  'daysSinceLast',
  'daysSinceFirst',
] as const;

/** A number or category per customer. */
export const Signal = z.strictObject({
  title: Text.optional(),
  from: From,
  value: Value.optional(),
  agg: z.enum(aggregations, `agg is one of ${aggregations.join(', ')}`).optional(),
  window: Window.optional(),
  /** Each fact's worth halves every half-life. Days are 24 hours. */
  decay: z
    .strictObject({
      halfLife: Duration,
      /** With `day` the value is taken at local midnight and stays for the day. */
      align: z.enum(['instant', 'day'], 'a decay is aligned to the instant or to the day').default('instant'),
    })
    .optional(),
  /** At most so many facts of each kind count per hour, day or week (Monday first) of the model's calendar: the earliest. */
  limit: z.strictObject({ per: z.enum(['hour', 'day', 'week']), byEvent: z.int().positive() }).optional(),
  missing: Missing.optional(),
});
export type Signal = Readonly<z.infer<typeof Signal>>;
export type EventSource = Exclude<Signal['from'], { attribute: unknown } | { model: unknown }>;
export type FittedSource = Extract<Signal['from'], { model: unknown }>;
export type Aggregation = (typeof aggregations)[number];
