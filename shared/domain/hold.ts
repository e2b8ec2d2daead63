import * as z from 'zod';
import { Instant } from './instant.ts';

/** A grade that a person set, over whatever the model says. */
export const Hold = z.object({
  /** The command that set it. */
  command: z.string(),
  grade: z.string().min(1),
  /** The first instant at which it holds no more; absent: until it is let go. */
  until: Instant.optional(),
  by: z.string(),
  why: z.string(),
});
export type Hold = Readonly<z.infer<typeof Hold>>;
