import type { Instant } from '#shared/domain/instant.ts';
import type { Clock } from '#shared/ports/clock.ts';

export interface HandClock extends Clock {
  /** Both clocks. */
  pass(ms: number): void;
  /** The wall clock alone: pauses end, and nobody's business is a moment older. */
  passWall(ms: number): void;
}

/** Both clocks stand still until they are moved. */
export const handClock = (start: Instant): HandClock => {
  let now = start;
  let ahead = 0;
  return {
    businessNow: () => now,
    wallNow: () => now + ahead,
    pass: (ms) => {
      now += ms;
    },
    passWall: (ms) => {
      ahead += ms;
    },
  };
};
