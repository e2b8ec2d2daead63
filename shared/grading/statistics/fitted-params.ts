import * as z from 'zod';

const Positive = z.number().positive();

/** What one unit of a history's recency and age is, and of the spans asked about: α is a time in it. */
export const TimeUnit = z.enum(['day', 'week'], 'the time unit is day or week');
export type TimeUnit = z.infer<typeof TimeUnit>;

const dropout = { unit: TimeUnit, r: Positive, alpha: Positive, a: Positive, b: Positive };

/**
 * Purchases are Poisson with rates Gamma(r, alpha); a customer leaves with a chance from Beta(a, b): after a repeat
 * purchase (`bgnbd`), or after any purchase, the first one included (`mbgnbd`).
 */
export const DropoutParams = z.discriminatedUnion('variant', [
  z.strictObject({ variant: z.literal('bgnbd'), ...dropout }),
  z.strictObject({ variant: z.literal('mbgnbd'), ...dropout }),
]);
export type DropoutParams = Readonly<z.infer<typeof DropoutParams>>;

/** Amounts are Gamma(p, ν) with ν itself Gamma(q, gamma). The mean over all customers exists for q > 1 alone. */
export const GammaGammaParams = z.strictObject({
  p: Positive,
  q: z.number().gt(1, 'q must be above 1: there is no mean otherwise'),
  gamma: Positive,
});
export type GammaGammaParams = Readonly<z.infer<typeof GammaGammaParams>>;

export const LifetimeValueParams = z.strictObject({
  purchases: DropoutParams,
  spend: GammaGammaParams,
  /** How far ahead. */
  months: z.int().min(1).max(120),
  /** 0.01 takes one per cent off for each month of waiting. */
  discountPerMonth: z.number().min(0).lt(1),
  /** The share of an amount that is earned. */
  margin: Positive.max(1),
});
export type LifetimeValueParams = Readonly<z.infer<typeof LifetimeValueParams>>;

/** From a score in log-odds to a probability. */
export const Calibration = z.discriminatedUnion('method', [
  /** σ(slope · score + offset): Platt 1999. */
  z.strictObject({ method: z.literal('platt'), slope: z.number(), offset: z.number() }),
  /** Straight between points (score, probability), flat outside; both rise. */
  z.strictObject({
    method: z.literal('isotonic'),
    points: z.array(z.tuple([z.number(), z.number().min(0).max(1)])).min(1),
  }),
]);
export type Calibration = Readonly<z.infer<typeof Calibration>>;

export const LogisticParams = z.strictObject({
  /** Log-odds where every feature is typical. */
  intercept: z.number(),
  /** By feature: log-odds per unit of distance from what is typical. An unknown value is taken for typical. */
  features: z.record(z.string(), z.strictObject({ weight: z.number(), typical: z.number() })),
  /** Absent where too few were won to speak of probabilities: there is a score then, and nothing else. */
  calibration: Calibration.optional(),
});
export type LogisticParams = Readonly<z.infer<typeof LogisticParams>>;

const Count = z.number().nonnegative();
const Outcomes = z.strictObject({ won: Count, lost: Count });

/** Counts of closed leads, smoothing not yet added. */
export const NaiveBayesParams = z.strictObject({
  /** In their order; the first one's counts are the prior. */
  stages: z.array(z.strictObject({ stage: z.string(), ...Outcomes.shape })).min(1),
  variables: z.record(
    z.string(),
    z.strictObject({
      /** Observations a value needs before it counts. */
      atLeast: Count,
      values: z.record(z.string(), Outcomes),
    }),
  ),
});
export type NaiveBayesParams = Readonly<z.infer<typeof NaiveBayesParams>>;

/** What a model file may hold as `from: { model, params }`. */
export const fittedModels = {
  'bgnbd.alive': DropoutParams.options[0],
  'bgnbd.expected': DropoutParams.options[0],
  'mbgnbd.alive': DropoutParams.options[1],
  'mbgnbd.expected': DropoutParams.options[1],
  'gammagamma.mean': GammaGammaParams,
  clv: LifetimeValueParams,
  logistic: LogisticParams,
  naiveBayes: NaiveBayesParams,
} as const;
export type FittedModel = keyof typeof fittedModels;
