import { randomUUID } from 'node:crypto';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';
import { keepTicking, type Ticking } from './keep-ticking.ts';
import { type Memory, reviewEveryone } from './review-everyone.ts';

export interface ReviewingParts {
  readonly memory: Memory;
  readonly customers: CustomerStore;
  readonly stream: Stream;
  readonly tokens: TokenStore;
  readonly tenant: TenantId;
  /** Hashes of the models in force here, in order. */
  readonly models: string;
  readonly caughtUp: () => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 30_000;
const leaseMs = 60_000;
const pauseMs = 500;

/**
 * Has everyone reviewed after a model was edited: one of several workers asks, under a lease, and another goes on where it died.
 * A worker that runs another model than the one begun last asks nobody, and says so.
 */
export const keepReviewing = (parts: ReviewingParts): Ticking => {
  const { memory, tokens, clock, log, models } = parts;
  const holder = randomUUID();
  const lease = () => tokens.acquireLease('review-everyone', holder, clock.wallNow(), leaseMs);
  let stopping = false;
  let begun = false;
  const turn = async (): Promise<boolean> => {
    if (!(await lease())) return false;
    const inForce = await memory.recall('models');
    if (begun && inForce !== models) {
      log.error({}, 'other workers run another model: stop all workers, then start them with the same files');
      return false;
    }
    let ours = true;
    await reviewEveryone({
      ...parts,
      now: clock.businessNow,
      stopped: () => stopping || !ours,
      caughtUp: async () => {
        ours = await lease();
        return parts.caughtUp();
      },
      pauseMs,
    });
    begun = true;
    return false;
  };
  const ticking = keepTicking('review everyone', everyMs, turn, log);
  return {
    stop: async () => {
      stopping = true;
      await ticking.stop();
    },
  };
};
