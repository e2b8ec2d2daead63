import * as z from 'zod';

/** The years 1 to 9999, UTC: what every calendar and every ISO text can say, with room around for windows and timers. */
export const earliestInstant = -62_135_596_800_000;
export const latestInstant = 253_402_300_799_999;

/** Milliseconds since 1970-01-01T00:00:00Z, a whole number. The only form of time inside the domain. */
export const Instant = z.int().min(earliestInstant).max(latestInstant);
export type Instant = z.infer<typeof Instant>;
