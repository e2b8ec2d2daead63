import { Kafka, type LogEntry, logLevel } from 'kafkajs';
import type { Log } from '../../ports/log.ts';
import { muteNegativeTimeouts } from './mute-negative-timeouts.ts';
import { type KafkaSignIn, type KafkaTls, saslOf, tlsOf } from './sign-in.ts';
import { type KafkaSockets, kafkaSockets } from './sockets.ts';

export interface KafkaConnection {
  readonly brokers: readonly string[];
  /** What the broker's logs call us. */
  readonly clientId: string;
  readonly log: Log;
  /** Stands before every topic and group name, so that several installations can share a cluster. Empty by default. */
  readonly prefix?: string;
  /** True for TLS by the system's authorities. No TLS by default. */
  readonly tls?: boolean | KafkaTls;
  /** Absent where the cluster lets anybody in, or knows us by our certificate. */
  readonly sasl?: KafkaSignIn;
}

/** A client with bounded waits: what does not answer within seconds is an error for the caller to act on. */
export const connectKafka = (
  { brokers, clientId, log, tls = false, sasl }: KafkaConnection,
  sockets: KafkaSockets = kafkaSockets(),
): Kafka => {
  muteNegativeTimeouts();
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ssl: tlsOf(tls),
    ...(sasl === undefined ? {} : { sasl: saslOf(sasl) }),
    socketFactory: sockets.open,
    // a cold TLS and SASL handshake takes longer than the client's own default of one second
    connectionTimeout: 5_000,
    requestTimeout: 5_000,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => writeEntry(log, entry),
  });
};

/**
 * The client calls every attempt that it repeats an error: here that is a warning. What it cannot mend is rejected or given
 * up, and logged as an error there.
 */
const writeEntry = (log: Log, { namespace, log: { message, ...extra } }: LogEntry): void => {
  const { groupId, topic, partition, broker, error } = extra as Readonly<Record<string, unknown>>;
  log.warn({ client: 'kafkajs', namespace, groupId, topic, partition, broker, error }, message);
};
