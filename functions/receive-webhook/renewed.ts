import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { loggedFailure } from '../../shared/runtime/logged-failure.ts';

export interface RenewedDeps<T> {
  readonly first: T;
  readonly renew: () => Promise<T>;
  readonly everyMs: number;
  readonly clock: Pick<Clock, 'wallNow'>;
  readonly log: Log;
}

/** After a failure it is tried again so soon. */
const retryMs = 30_000;

/** What is asked for, made anew by who asks when its time is over. Where that fails the old one does for the time being. */
export const renewed = <T>({ first, renew, everyMs, clock, log }: RenewedDeps<T>): (() => Promise<T>) => {
  let held = first;
  let until = clock.wallNow() + everyMs;
  return async () => {
    if (clock.wallNow() < until) return held;
    try {
      held = await renew();
      until = clock.wallNow() + everyMs;
    } catch (error) {
      until = clock.wallNow() + retryMs;
      log.error(loggedFailure(error), 'the secrets could not be read again: those read before are gone by');
    }
    return held;
  };
};
