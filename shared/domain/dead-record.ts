import * as z from 'zod';
import { topics } from '../definitions/topics.ts';
import { decodeCloudEvent, encodeCloudEvent } from './cloud-event.ts';
import { DeadLetter, deadLetterType } from './dead-letter.ts';
import { Instant } from './instant.ts';
import { readAwsFailure } from './read-aws-failure.ts';

/** Remembers on `regrade.dead`, beside the letters, that one of them was sent again. */
const ReplayNote = z.object({ of: z.string(), at: Instant });
export type ReplayNote = Readonly<z.infer<typeof ReplayNote>>;

const replayNoteType = 'regrade.dead.replayed';

export const encodeReplayNote = ({ of, at }: ReplayNote): string =>
  encodeCloudEvent({ id: `${of}@${at}`, source: '/dead', type: replayNoteType, data: { of, at } }, at);

/** Undefined for everything that is not a note. Cheap for that: letters may be large. */
export const readReplayNote = (value: string): ReplayNote | undefined => {
  // the head of the envelope tells the type: a letter is not parsed whole only to learn that it is none
  if (!value.slice(0, 400).includes(`"type":"${replayNoteType}"`)) return undefined;
  const decoded = decodeCloudEvent(value, ReplayNote);
  return decoded.ok ? decoded.event.data : undefined;
};

/** A record of `regrade.dead` as the stream gave it. */
export interface DeadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly value: string;
  readonly at: Instant;
}

/**
 * The letters that one record of `regrade.dead` stands for: one of ours; those that AWS gave up; none for a note. What is
 * none of these is a letter itself, reason `unreadable-letter`: nothing on the topic is passed over. `prefix` stands before
 * the names of topics on the cluster.
 */
export const readDeadRecord = (record: DeadRecord, prefix: string): readonly DeadLetter[] => {
  const { partition, offset, key, value, at } = record;
  if (readReplayNote(value) !== undefined) return [];
  const decoded = decodeCloudEvent(value, DeadLetter);
  if (decoded.ok && decoded.event.type === deadLetterType) return [decoded.event.data];
  const failure = readAwsFailure(value, prefix);
  if (failure.ok) return failure.letters;
  const detail = decoded.ok ? `of type ${decoded.event.type}` : decoded.reason;
  const origin = { topic: topics.dead, partition, offset, key, at };
  return [{ reason: 'unreadable-letter', detail, stage: 'unknown', ...origin, attempts: 1, payload: value }];
};
