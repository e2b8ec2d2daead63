import { PipelineError } from '../domain/pipeline-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Relay, RelayedBatch } from '../ports/relay.ts';
import type { Stream } from '../ports/stream.ts';

export interface MoveRelayedDeps {
  readonly relay: Relay;
  readonly stream: Pick<Stream, 'append'>;
  readonly clock: Pick<Clock, 'wallNow'>;
  readonly log: Log;
  /** Whether there is time for more. Always, where it is absent. */
  readonly goesOn?: () => boolean;
}

/** Claimed at a time: few enough to be on their topics long before the claim ends. */
const perClaim = 20;

/**
 * Brings everything that waits in the relay to its topic, in order, and says how many records that were. A crash at any point, or a
 * claim that ended before the work, brings some twice: consumers drop repeats.
 *
 * @throws {PipelineError} when the stream or the store does not answer. What was not moved can be claimed again after
 * `limits.relayClaimMs`.
 */
export const moveRelayed = async (deps: MoveRelayedDeps): Promise<number> => {
  const { relay, clock, goesOn = () => true } = deps;
  let moved = 0;
  while (goesOn()) {
    const claimed = await relay.claim(clock.wallNow(), perClaim);
    if (claimed.length === 0) break;
    // one after the other: what comes behind a failure waits, or it would overtake
    for (const batch of claimed) moved += await move(batch, deps);
  }
  return moved;
};

const move = async ({ id, topic, records }: RelayedBatch, { relay, stream, log }: MoveRelayedDeps): Promise<number> => {
  try {
    await stream.append(topic, records);
  } catch (error) {
    if (!isTooLarge(error)) throw error;
    log.error(
      { topic, batch: id, records: records.length },
      'set records aside that their topic does not take: too large',
    );
    await relay.setAside([id]);
    return 0;
  }
  await relay.remove([id]);
  return records.length;
};

/** The one failure that is the records' own: any other would meet the next ones too. */
const isTooLarge = (error: unknown): boolean => error instanceof PipelineError && error.code === 'RECORD_TOO_LARGE';
