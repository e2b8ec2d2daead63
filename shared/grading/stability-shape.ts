import * as z from 'zod';
import { DurationOrNone } from './duration.ts';

const Margin = z.number().min(0, 'a margin is 0 or more').default(0);

/** What keeps a grade from swinging. */
export const Stability = z.strictObject({
  /**
   * A grade is entered only `up` above its cut-off and left only `down` below it. `rank`: in portions of the cut-off's own
   * kind, 0.02 is two of a hundred; `score`: points; `relative`: portions of the cut-off's score.
   */
  hysteresis: z
    .strictObject({
      unit: z.enum(['rank', 'score', 'relative'], 'unit is rank, score or relative'),
      up: Margin,
      down: Margin,
    })
    .optional(),
  /** How long a better or worse grade must last before it counts. Days are 24 hours. */
  dwell: z.strictObject({ up: DurationOrNone.default('PT0S'), down: DurationOrNone.default('PT0S') }).prefault({}),
  /** At most so many grades per change; null: any. */
  maxStep: z.int().min(1, 'a change is at least one grade; null sets no limit').nullable().default(null),
});
export type Stability = Readonly<z.output<typeof Stability>>;
