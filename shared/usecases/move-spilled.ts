import { topics } from '../definitions/topics.ts';
import { outgoingHint } from '../domain/hint.ts';
import type { Clock } from '../ports/clock.ts';
import type { Spill } from '../ports/spill.ts';
import type { Stream } from '../ports/stream.ts';

export interface MoveSpilledDeps {
  readonly spill: Spill;
  readonly stream: Stream;
  readonly clock: Clock;
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
export const moveSpilled = async ({ spill, stream, clock }: MoveSpilledDeps): Promise<number> => {
  let moved = 0;
  for (;;) {
    const claimed = await spill.claim(clock.wallNow(), perClaim);
    if (claimed.length === 0) return moved;
    const outgoing = claimed.flatMap(({ hints }) => hints.map(outgoingHint));
    await stream.append(topics.webhooks, outgoing);
    await spill.remove(claimed.map(({ id }) => id));
    moved += outgoing.length;
  }
};
