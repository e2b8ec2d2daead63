import type { Log } from '../ports/log.ts';
import type { Trail } from '../ports/trail.ts';

/** A line for each step. */
export const logTrail =
  (log: Log): Trail =>
  (stage, from, to, outcome) =>
    log.info({ stage, from, to, outcome }, 'trail');
