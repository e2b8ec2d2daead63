import { topics } from '../definitions/topics.ts';
import { encodeDeadLetter } from '../domain/dead-letter.ts';
import { replayMarkIn } from '../domain/replay-mark.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Received, Stream } from '../ports/stream.ts';

export type Park = (record: Received, reason: string, detail: string) => Promise<void>;

export interface ParkDeps {
  readonly stream: Pick<Stream, 'append'>;
  readonly stage: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Puts what can never be worked on the dead-letter topic. Awaited before the offset moves, so that nothing is lost. */
export const parkOn =
  ({ stream, stage, log, metrics }: ParkDeps): Park =>
  async ({ topic, partition, offset, key, at, value }, reason, detail) => {
    const attempts = replayMarkIn(value)?.attempt ?? 1;
    const letter = { reason, detail, stage, topic, partition, offset, key, at, attempts, payload: value };
    await stream.append(topics.dead, [{ key, value: encodeDeadLetter(letter), at }]);
    metrics.count(stage, 'dead', 1);
    log.warn({ stage, topic, partition, offset, reason }, 'parked a record that cannot be worked');
  };
