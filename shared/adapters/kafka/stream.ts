import type { Topic } from '../../definitions/topics.ts';
import type { PipelineError } from '../../domain/pipeline-error.ts';
import type { Consumption, Outgoing, Stream } from '../../ports/stream.ts';
import { type AppendOptions, kafkaAppender } from './appender.ts';
import type { KafkaConnection } from './connect.ts';
import { consumeTopic } from './consumption.ts';
import { enduringProducer } from './enduring-producer.ts';
import { joinGroup } from './member.ts';

export interface KafkaStreamOptions extends KafkaConnection {
  /** How long a rejected batch waits before it comes again. One second by default. */
  readonly retryAfterMs?: number;
  /** How long an idle fetch stays open, and a stop waits for it at the most. Half a second by default. */
  readonly maxWaitMs?: number;
  /**
   * Hears of a consumer that ended by itself, since trying again is senseless: a topic whose records are stamped by their
   * senders, or a cluster that refuses us: `CONFIG_INVALID`. Logged in any case.
   */
  readonly onGivenUp?: (error: PipelineError) => void;
}

export interface KafkaStream extends Stream {
  append(topic: Topic, records: readonly Outgoing[], options?: AppendOptions): Promise<void>;
  /** Begins to connect for what will be appended, and waits for nothing. */
  connect(): void;
  /** Stops every consumer after the batch in hand, and ends all connections. */
  close(): Promise<void>;
}

/**
 * The stream on a Kafka cluster. Topics must exist, see `createTopics`; instants are the log's. A consumer that lost the
 * cluster comes back by itself; only its first subscription rejects.
 */
export const kafkaStream = (options: KafkaStreamOptions): KafkaStream => {
  const { log, prefix = '', retryAfterMs = 1_000, maxWaitMs = 500, onGivenUp } = options;
  const producer = enduringProducer(options);
  const appender = kafkaAppender(producer);
  const consumptions = new Set<Consumption>();
  const givenUp = (error: PipelineError): void => {
    log.error({ code: error.code, detail: error.message }, 'a consumer ended: trying again is senseless');
    onGivenUp?.(error);
  };
  return {
    connect: producer.connect,
    append: async (topic, records, appendOptions) => {
      if (records.length > 0) await appender.append(`${prefix}${topic}`, records, appendOptions);
    },
    subscribe: async (subscription, process) => {
      const join = () => joinGroup(options, subscription, process, { retryAfterMs, maxWaitMs });
      const consumption = await consumeTopic(join, { log, givenUp });
      consumptions.add(consumption);
      return consumption;
    },
    close: async () => {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      await appender.close();
    },
  };
};
