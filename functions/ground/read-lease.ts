import type { ConnectionId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { TokenStore } from '../../shared/ports/token-store.ts';

export interface ReadLeaseDeps {
  readonly tokens: TokenStore;
  readonly clock: Pick<Clock, 'wallNow'>;
  /** Names this instance among those that compete. */
  readonly holder: string;
}

/** How long one reader has a connection for itself. */
export const readLeaseMs = 30_000;
/** A budget starts full: whoever reads next must not add its own first calls to our last ones. */
export const readRestMs = 1_000;

/** One reader per connection over all instances: true for the one that may read now, for so long. */
export const readLease =
  ({ tokens, clock, holder }: ReadLeaseDeps) =>
  (connection: ConnectionId, ms: number): Promise<boolean> =>
    tokens.acquireLease(`read-back/${connection}`, holder, clock.wallNow(), ms);
