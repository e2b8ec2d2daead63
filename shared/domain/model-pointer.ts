import * as z from 'zod';
import { AlertChoice, ModelRef } from './change.ts';
import { Instant } from './instant.ts';

/** A model that grades, or is about to: one published version, and the epoch it came in with. */
export const ModelInForce = ModelRef.extend({
  /** Its cohorts are of this epoch: a version that comes back later is ranked anew, beside whatever is left of them. */
  born: z.int().positive(),
});
export type ModelInForce = Readonly<z.infer<typeof ModelInForce>>;

/** A list of models, the deciding one first, and who had it grade from when on, and why. */
export const Epoch = z.object({
  epoch: z.int().positive(),
  models: z.array(ModelInForce).min(1),
  /** When it was asked for. */
  at: Instant,
  by: z.string(),
  why: z.string(),
  /** What becomes of the alerts that the change of model leads to. */
  alerts: AlertChoice,
});
export type Epoch = Readonly<z.infer<typeof Epoch>>;

/**
 * `waiting`: until everybody who grades knows of it. `visiting`: every customer is asked for its ranks by the coming models.
 * `draining`: until all of that is applied. Then the models grade. `moving`: every customer is decided by them. `dropping`: cohorts
 * that nobody is graded by any more are removed.
 */
export const BuildPhase = z.enum(['waiting', 'visiting', 'draining', 'moving', 'dropping']);
export type BuildPhase = z.infer<typeof BuildPhase>;

export const Building = z.object({
  /** The one that comes; from `moving` on the one that is live. */
  epoch: z.int().positive(),
  phase: BuildPhase,
  /** Where the walk over all customers goes on; absent at its beginning. */
  cursor: z.string().optional(),
  /** Customers asked in this phase so far. */
  visited: z.int().nonnegative(),
});
export type Building = Readonly<z.infer<typeof Building>>;

/** What a tenant is graded by, in one item: written over the revision that was read, so that nobody sees two answers. */
export const ModelPointer = z.object({
  /** Each put adds one. */
  revision: z.int().positive(),
  live: Epoch,
  /** The one that is being built; from `moving` on it is live. */
  coming: Epoch.optional(),
  building: Building.optional(),
  /** Those that were live before, the newest first. */
  past: z.array(Epoch),
  /** The newest number given to an epoch, also to one that never came to be live. */
  newest: z.int().positive(),
});
export type ModelPointer = Readonly<z.infer<typeof ModelPointer>>;

/** One published model, for ever as it is. */
export const ModelVersion = ModelRef.extend({
  /** The model as JSON, in the author's order. `hash` is the SHA-256 of its canonical form. */
  content: z.string(),
  at: Instant,
  by: z.string(),
  why: z.string(),
});
export type ModelVersion = Readonly<z.infer<typeof ModelVersion>>;
