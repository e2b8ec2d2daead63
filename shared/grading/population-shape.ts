import * as z from 'zod';
import { Id } from './id.ts';

/** What all customers look like, as of an instant: written by a tool, read by `baseline: population` and `percentile`. */
export const Population = z.strictObject({
  asOf: z.iso.datetime({ offset: true, error: 'asOf is an instant, e.g. 2026-03-01T00:00:00Z' }),
  customers: z.int().positive(),
  /** By factor: the mean share of its weight, 0..1. Where one signal is the score: its mean. */
  means: z.record(Id, z.number()).default({}),
  /** By signal: equally spaced quantiles from the least value to the greatest, ascending. */
  quantiles: z
    .record(Id, z.array(z.number()).min(2, 'name at least the least and the greatest value').max(1_001))
    .default({}),
});
export type Population = Readonly<z.output<typeof Population>>;
