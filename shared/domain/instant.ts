import * as z from 'zod';

/** Milliseconds since 1970-01-01T00:00:00Z, a whole number. The only form of time inside the domain. */
export const Instant = z.int();
export type Instant = z.infer<typeof Instant>;
