import { topics } from '../definitions/topics.ts';
import { encodeDeadLetter } from '../domain/dead-letter.ts';
import type { Log } from '../ports/log.ts';
import type { Received, Stream } from '../ports/stream.ts';

export type Park = (record: Received, reason: string, detail: string) => Promise<void>;

/** Puts what can never be worked on the dead-letter topic. Awaited before the offset moves, so that nothing is lost. */
export const parkOn =
  (stream: Stream, stage: string, log: Log): Park =>
  async ({ topic, partition, offset, key, at, value }, reason, detail) => {
    const letter = { reason, detail, stage, topic, partition, offset, key, at, payload: value };
    await stream.append(topics.dead, [{ key, value: encodeDeadLetter(letter), at }]);
    log.warn({ stage, topic, partition, offset, reason }, 'parked a record that cannot be worked');
  };
