import { topics } from '../definitions/topics.ts';
import { outgoingHint } from '../domain/hint.ts';
import { isRetryable } from '../domain/pipeline-error.ts';
import type { Clock } from '../ports/clock.ts';
import type { Spill, SpilledDelivery } from '../ports/spill.ts';
import type { Stream } from '../ports/stream.ts';

export interface MoveSpilledDeps {
  readonly spill: Spill;
  readonly stream: Stream;
  readonly clock: Clock;
  /** Whether there is time for more. Always, where it is absent. */
  readonly goesOn?: () => boolean;
}

/** Deliveries claimed at a time: few enough to be on the stream long before the claim ends. */
const perClaim = 20;

/**
 * Moves every delivery of the spill to the stream, oldest first, and says how many hints that were. Safe to repeat after a crash at
 * any point: a delivery that was moved and not removed is moved again under the same ids, and counts as a repeat.
 *
 * @throws {PipelineError} when the stream or the store does not answer. What was not moved can be claimed again after
 * `limits.spillClaimMs`.
 */
export const moveSpilled = async (deps: MoveSpilledDeps): Promise<number> => {
  const { spill, clock, goesOn = () => true } = deps;
  let moved = 0;
  while (goesOn()) {
    const claimed = await spill.claim(clock.wallNow(), perClaim);
    if (claimed.length === 0) break;
    const onTopic = await appendAll(claimed, deps);
    await spill.remove(onTopic.map(({ id }) => id));
    moved += onTopic.reduce((sum, { hints }) => sum + hints.length, 0);
  }
  return moved;
};

/** Returns what is on the stream now. One delivery that the stream will never take stays behind and keeps nobody back. */
const appendAll = async (
  deliveries: readonly SpilledDelivery[],
  { stream }: Pick<MoveSpilledDeps, 'stream'>,
): Promise<readonly SpilledDelivery[]> => {
  try {
    await stream.append(
      topics.webhooks,
      deliveries.flatMap(({ hints }) => hints.map(outgoingHint)),
    );
    return deliveries;
  } catch (error) {
    if (isRetryable(error)) throw error;
    if (deliveries.length === 1) return [];
    const parts = await Promise.all(deliveries.map((delivery) => appendAll([delivery], { stream })));
    return parts.flat();
  }
};
