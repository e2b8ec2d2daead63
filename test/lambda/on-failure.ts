import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { kafkaEventOf, type Origin } from './kafka-event-of.ts';
import { arnOf } from './lambda-environment.ts';

/** Where records go that an event source mapping gives up. */
export type OnFailure =
  | { readonly kind: 's3'; readonly folder: string }
  | { readonly kind: 'kafka'; readonly topic: string };

export interface GivenUp {
  readonly messages: readonly KafkaMessage[];
  readonly origin: Origin;
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded' | 'MaximumPayloadSizeExceeded';
  readonly invocations: number;
  readonly functionName: string;
}

/**
 * Hands records over in the form of the destination (docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html): one object
 * with the whole event as a text, or one record each, with its own key.
 */
export const handOver = async (givenUp: GivenUp, onFailure: OnFailure, kafka: Kafka): Promise<void> => {
  const { messages, origin } = givenUp;
  if (onFailure.kind === 's3') {
    mkdirSync(onFailure.folder, { recursive: true });
    const body = { ...metadataOf(givenUp), payload: JSON.stringify(kafkaEventOf(messages, origin)) };
    writeFileSync(join(onFailure.folder, `${randomUUID()}.json`), JSON.stringify(body));
    return;
  }
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({
      topic: onFailure.topic,
      acks: -1,
      messages: messages.map((message) => ({ key: message.key, value: JSON.stringify(letterOf(message, givenUp)) })),
    });
  } finally {
    await producer.disconnect();
  }
};

const letterOf = (message: KafkaMessage, givenUp: GivenUp) => {
  const { KafkaBatchInfo, ...metadata } = metadataOf({ ...givenUp, messages: [message] });
  const { recordsInfo: _, ...batch } = KafkaBatchInfo;
  return {
    ...metadata,
    // the documentation's example spells it otherwise here
    requestContext: {
      ...metadata.requestContext,
      condition: givenUp.condition === 'RetryAttemptsExhausted' ? 'RetriesExhausted' : givenUp.condition,
    },
    KafkaBatchInfo: { ...batch, recordInfo: { offset: message.offset, timestamp: instantOf(message) } },
    payload: kafkaEventOf([message], givenUp.origin),
  };
};

const metadataOf = ({ messages, origin, condition, invocations, functionName }: GivenUp) => ({
  requestContext: {
    requestId: randomUUID(),
    functionArn: arnOf(functionName),
    condition: condition as string,
    approximateInvokeCount: invocations,
  },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
  version: '1.0',
  timestamp: new Date().toISOString(),
  KafkaBatchInfo: {
    batchSize: messages.length,
    ...(origin.managed ? { eventSourceArn: kafkaEventOf([], origin).eventSourceArn } : {}),
    bootstrapServers: origin.brokers.join(','),
    payloadSize: JSON.stringify(kafkaEventOf(messages, origin)).length,
    recordsInfo: {
      [`${origin.topic}-${origin.partition}`]: {
        firstRecordOffset: messages[0]?.offset ?? '',
        lastRecordOffset: messages.at(-1)?.offset ?? '',
        firstRecordTimestamp: instantOf(messages[0]),
        lastRecordTimestamp: instantOf(messages.at(-1)),
      },
    },
  },
});

const instantOf = (message: KafkaMessage | undefined): string =>
  new Date(Number(message?.timestamp ?? 0)).toISOString();
