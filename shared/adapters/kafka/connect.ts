import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs';
import type { Log } from '../../ports/log.ts';

export interface KafkaConnection {
  readonly brokers: readonly string[];
  /** What the broker's logs call us. */
  readonly clientId: string;
  readonly log: Log;
  /** Stands before every topic and group name, so that several installations can share a cluster. Empty by default. */
  readonly prefix?: string;
  readonly ssl?: boolean;
  readonly sasl?: SASLOptions;
}

/** A client with bounded waits: what does not answer within seconds is an error for the caller to act on. */
export const connectKafka = ({ brokers, clientId, log, ssl = false, sasl }: KafkaConnection): Kafka =>
  new Kafka({
    brokers: [...brokers],
    clientId,
    ssl,
    ...(sasl === undefined ? {} : { sasl }),
    // a cold TLS and SASL handshake takes longer than the client's own default of one second
    connectionTimeout: 5_000,
    requestTimeout: 5_000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeEntry(log, entry),
  });

/**
 * The client calls every attempt that it repeats an error: here that is a warning. What it cannot mend is rejected or given
 * up, and logged as an error there.
 */
const writeEntry = (log: Log, { namespace, log: { message, ...extra } }: LogEntry): void =>
  log.warn(
    { client: 'kafkajs', namespace, groupId: extra['groupId'], broker: extra['broker'], error: extra['error'] },
    message,
  );
