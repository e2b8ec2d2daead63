import * as z from 'zod';
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
  payload: z.string(),
});
export type DeadLetter = Readonly<z.infer<typeof DeadLetter>>;

/** The same record parked twice carries the same id. */
export const encodeDeadLetter = (letter: DeadLetter): string =>
  encodeCloudEvent(
    {
      id: `${letter.stage}/${letter.topic}/${letter.partition}/${letter.offset}`,
      source: `/functions/${letter.stage}`,
      type: 'regrade.dead',
      data: letter,
    },
    letter.at,
  );
