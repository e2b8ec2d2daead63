import type { KafkaMessage } from 'kafkajs';
import * as z from 'zod';
import type { Invoked } from './lambda-environment.ts';

const Answer = z
  .object({
    batchItemFailures: z
      .array(z.object({ itemIdentifier: z.object({ partition: z.string(), offset: z.int() }) }))
      .optional(),
  })
  .nullish();

/**
 * Which records an event source mapping brings again. None where the answer is null or lists none; just those that are
 * listed; all of them for a failed invocation, an answer of another shape, or an identifier that was not in the event.
 */
export const failedRecords = (
  invoked: Invoked,
  sent: readonly KafkaMessage[],
  partition: string,
): readonly KafkaMessage[] => {
  if (invoked.outcome !== 'answered') return sent;
  const answer = Answer.safeParse(invoked.answer);
  if (!answer.success) return sent;
  const listed = answer.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
  const offsets = new Set(sent.map(({ offset }) => Number(offset)));
  if (listed.some((each) => each.partition !== partition || !offsets.has(each.offset))) return sent;
  const failed = new Set(listed.map(({ offset }) => offset));
  return sent.filter(({ offset }) => failed.has(Number(offset)));
};
