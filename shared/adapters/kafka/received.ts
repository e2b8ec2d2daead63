import type { KafkaMessage } from 'kafkajs';
import type { Topic } from '../../definitions/topics.ts';
import type { Received } from '../../ports/stream.ts';

export const receivedOf = (message: KafkaMessage, topic: Topic, partition: number): Received => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString('utf8') ?? '',
  value: message.value?.toString('utf8') ?? '',
  at: Number(message.timestamp),
});

const logAppendTime = 1;

/** The client's types leave out the context in which it decoded a message: record batch v2, attribute bit 3. */
export const isStampedByLog = (
  message: KafkaMessage & { readonly batchContext?: { readonly timestampType?: number } },
): boolean => message.batchContext?.timestampType === logAppendTime;
