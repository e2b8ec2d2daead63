import * as z from 'zod';
import { Instant } from './instant.ts';

/** A message that a stored item owes to a topic: decided, written with the item, perhaps not yet published. */
export const Pending = z.object({
  /** Where to; without it the item's own topic: `regrade.changes` for customers, `regrade.events` for records. */
  topic: z.enum(['cohorts', 'events']).exactOptional(),
  key: z.string(),
  value: z.string(),
  /** The append instant of what caused it. */
  at: Instant,
});
export type Pending = Readonly<z.infer<typeof Pending>>;
