import type { PipelineError } from '../../domain/pipeline-error.ts';
import type { Consumption, Stream } from '../../ports/stream.ts';
import { kafkaAppender } from './appender.ts';
import { connectKafka, type KafkaConnection } from './connect.ts';
import { consumeTopic } from './consumption.ts';

export interface KafkaStreamOptions extends KafkaConnection {
  /** How long a rejected batch waits before it comes again. One second by default. */
  readonly retryAfterMs?: number;
  /** How long an idle fetch stays open, and a stop waits for it at the most. Half a second by default. */
  readonly maxWaitMs?: number;
  /**
   * Hears of a consumer that ended by itself, since trying again is senseless: a topic whose records are stamped by their
   * senders (`CONFIG_INVALID`, naming the command that cures it), or a failure that is not retryable. Logged in any case.
   */
  readonly onGivenUp?: (error: PipelineError) => void;
}

export interface KafkaStream extends Stream {
  /** Stops every consumer after the batch in hand, and ends all connections. */
  close(): Promise<void>;
}

/** The stream on a Kafka cluster. Topics must exist, see `createTopics`; instants are the log's. */
export const kafkaStream = (options: KafkaStreamOptions): KafkaStream => {
  const { log, brokers, prefix = '', retryAfterMs = 1_000, maxWaitMs = 500, onGivenUp } = options;
  const kafka = connectKafka(options);
  const appender = kafkaAppender(kafka);
  const consumptions = new Set<Consumption>();
  const givenUp = (error: PipelineError): void => {
    log.error({ code: error.code, detail: error.message }, 'a consumer ended: trying again is senseless');
    onGivenUp?.(error);
  };
  return {
    append: async (topic, records) => {
      if (records.length > 0) await appender.append(`${prefix}${topic}`, records);
    },
    subscribe: async (subscription, process) => {
      const settings = { prefix, brokers, retryAfterMs, maxWaitMs, givenUp };
      const consumption = await consumeTopic(kafka, subscription, process, settings);
      consumptions.add(consumption);
      return consumption;
    },
    close: async () => {
      await Promise.all([...consumptions].map((consumption) => consumption.stop()));
      await appender.close();
    },
  };
};
