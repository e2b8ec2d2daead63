import * as z from 'zod';
import { topics } from '../definitions/topics.ts';
import { encodeCloudEvent } from './cloud-event.ts';
import { Instant } from './instant.ts';

/** A record that can never be worked, with what an operator needs to find out why and to send it again. */
export const DeadLetter = z.object({
  /** A stable code. */
  reason: z.string(),
  detail: z.string(),
  stage: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.int(),
  key: z.string(),
  at: Instant,
  /** How often it was worked: 1 for what came once and can never be read, one more with each replay. */
  attempts: z.int().positive().default(1),
  /** Absent where whoever gave it up kept none. */
  payload: z.string().optional(),
});
export type DeadLetter = Readonly<z.infer<typeof DeadLetter>>;

/** What a record was parked with; without `attempts` it was the first. */
export type ParkedLetter = Readonly<z.input<typeof DeadLetter>>;

/** Where letters stand that were read back from a CRM: they came from no topic. */
export const inboxOrigin = 'inbox';

/** A broker takes a megabyte; a character may take three bytes, and six once it is escaped. */
const mostPayload = 150_000;

/** The same record parked twice carries the same id. A payload beyond what a broker takes is cut, and the detail says so. */
export const encodeDeadLetter = (letter: ParkedLetter): string =>
  encodeCloudEvent(
    {
      id: `${letter.stage}/${letter.topic}/${letter.partition}/${letter.offset}`,
      source: `/functions/${letter.stage}`,
      type: deadLetterType,
      data: fitting(letter),
    },
    letter.at,
  );

const fitting = (letter: ParkedLetter): ParkedLetter =>
  letter.payload === undefined || letter.payload.length <= mostPayload
    ? letter
    : { ...letter, detail: `${letter.detail} (its payload is cut)`, payload: letter.payload.slice(0, mostPayload) };

export const deadLetterType = 'regrade.dead';

/**
 * 16 lower-case hex digits that name a letter, by where and when its record stood: the same record parked twice is one
 * letter, the same offset of a topic that was created anew is another. `hash` gives lower-case hex.
 */
export const deadLetterIdOf = (
  { stage, topic, partition, offset, at, key }: DeadLetter,
  hash: (text: string) => string,
): string => hash([stage, topic, partition, offset, at, key].join('\n')).slice(0, 16);

/** The connection that a letter's record came from, as its key tells; undefined for a key that is not ours. */
export const connectionOfLetter = ({ topic, key }: Pick<DeadLetter, 'topic' | 'key'>): string | undefined => {
  // a record is keyed connection/object/id, a customer kind:connection:id
  const ofRecord = topic === topics.webhooks || topic === inboxOrigin;
  const name = ofRecord ? key.split('/', 1)[0] : key.split(':', 2)[1];
  return name === '' ? undefined : name;
};
