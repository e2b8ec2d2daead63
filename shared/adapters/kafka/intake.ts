import { limits } from '../../definitions/limits.ts';
import { topics } from '../../definitions/topics.ts';
import { type Hint, outgoingHint } from '../../domain/hint.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Intake } from '../../ports/intake.ts';
import type { Log } from '../../ports/log.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Spill } from '../../ports/spill.ts';
import type { KafkaStream } from './stream.ts';
import { within } from './within.ts';

export interface KafkaIntakeDeps {
  readonly stream: Pick<KafkaStream, 'append'>;
  readonly spill: Spill;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** How long the stream may take for one delivery. */
  readonly ackMs?: number;
}

/** With the time for the stream, the sender is answered within three seconds. */
const spillMs = 1_200;
const stage = 'receive-webhook';

/**
 * Takes deliveries in by the stream, and where it does not acknowledge in time by the spill. While the stream is overdue,
 * deliveries go to the spill at once, and one at a time goes to the stream as well, to learn whether it is back: a delivery
 * that came on both ways carries the same ids.
 */
export const kafkaIntake = (deps: KafkaIntakeDeps): Intake => {
  const { stream, spill, metrics, log, clock, ackMs = limits.appendAckMs } = deps;
  let overdue: { spilled: number; probing: boolean } | undefined;

  const begin = (error: unknown): void => {
    if (overdue !== undefined) return;
    overdue = { spilled: 0, probing: false };
    log.warn({ stage, error: textOf(error) }, 'the stream does not answer: deliveries go to the spill');
  };

  const end = (): void => {
    if (overdue === undefined) return;
    log.info({ stage, spilled: overdue.spilled }, 'the stream answers again');
    overdue = undefined;
  };

  const put = async (hints: readonly Hint[]): Promise<void> => {
    await within(spillMs, spill.put(hints, clock.wallNow()));
    metrics.count(stage, 'spilled', 1);
    if (overdue !== undefined) overdue.spilled += 1;
  };

  const probe = async (hints: readonly Hint[], episode: { probing: boolean }): Promise<void> => {
    episode.probing = true;
    try {
      await stream.append(topics.webhooks, hints.map(outgoingHint));
      end();
    } finally {
      episode.probing = false;
    }
  };

  return {
    accept: async (hints) => {
      if (overdue === undefined) {
        try {
          await stream.append(topics.webhooks, hints.map(outgoingHint), { deadlineMs: ackMs });
          return;
        } catch (error) {
          begin(error);
        }
      }
      const ways = [put(hints)];
      if (overdue?.probing === false) ways.push(probe(hints, overdue));
      await firstOf(ways);
    },
  };
};

/** Resolves as soon as one way took it; a way that does not answer is not waited for longer than the spill may take. */
const firstOf = async (ways: readonly Promise<void>[]): Promise<void> => {
  try {
    await within(spillMs, Promise.any(ways));
  } catch (cause) {
    throw new PipelineError('STREAM_UNAVAILABLE', 'neither the stream nor the spill took the delivery', {
      retryable: true,
      cause,
    });
  }
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
