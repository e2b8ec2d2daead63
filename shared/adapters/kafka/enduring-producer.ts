import { Partitioners, type Producer } from 'kafkajs';
import type { TopicMessages } from './append-parts.ts';
import { connectKafka, type KafkaConnection } from './connect.ts';
import { type KafkaSockets, kafkaSockets } from './sockets.ts';
import { within } from './within.ts';

export interface EnduringProducer {
  /** Begins to connect and waits for nothing; where that fails, the next send begins anew. */
  connect(): void;
  /** Resolves when every replica that is in sync has it. Rejects with the client's own error. */
  send(topicMessages: TopicMessages): Promise<void>;
  close(): Promise<void>;
}

export interface EnduringSettings {
  /** The longest that one attempt takes, connecting included. */
  readonly attemptMs?: number;
  /** After so long without a word a connection is not trusted: whoever stands between may have forgotten it. */
  readonly idleMs?: number;
  /** Milliseconds; must go on while the process is frozen. */
  readonly wallNow?: () => number;
}

interface Live {
  readonly sockets: KafkaSockets;
  readonly producer: Producer;
  readonly connected: Promise<void>;
  usedAt: number;
}

const graceMs = 1_000;
/** Added partitions are used after at most this long. */
const metadataMaxAgeMs = 15_000;

/**
 * A producer that survives connections which die without saying so (a frozen process, a forgetful load balancer). The client
 * itself repeats a request on the same dead socket; here a producer that failed, was late or was idle is thrown away with its
 * sockets. If it was there before the request, that is tried once more on a new one.
 */
export const enduringProducer = (connection: KafkaConnection, settings: EnduringSettings = {}): EnduringProducer => {
  const { attemptMs = 5_000, idleMs = 240_000, wallNow = Date.now } = settings;
  let current: Live | undefined;

  const drop = (): void => {
    current?.sockets.abandon();
    current = undefined;
  };

  const attempt = async (live: Live, topicMessages: TopicMessages): Promise<void> => {
    const answered = live.connected.then(() =>
      live.producer.sendBatch({ acks: -1, timeout: attemptMs, topicMessages }),
    );
    try {
      await within(attemptMs, answered);
    } catch (error) {
      drop();
      throw error;
    }
    live.usedAt = wallNow();
  };

  return {
    connect: () => {
      const begun = (current ??= open(connection, wallNow()));
      begun.connected.catch(() => {
        if (current === begun) drop();
      });
    },
    send: async (topicMessages) => {
      if (current !== undefined && wallNow() - current.usedAt > idleMs) drop();
      const known = current;
      try {
        await attempt((current ??= open(connection, wallNow())), topicMessages);
      } catch (error) {
        if (known === undefined) throw error;
        await attempt((current = open(connection, wallNow())), topicMessages);
      }
    },
    close: async () => {
      const last = current;
      current = undefined;
      await within(graceMs, last?.producer.disconnect() ?? Promise.resolve()).catch(ignoreBroken);
      last?.sockets.abandon();
    },
  };
};

const open = (connection: KafkaConnection, now: number): Live => {
  const sockets = kafkaSockets();
  const producer = connectKafka(connection, sockets).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
    maxInFlightRequests: 1,
    metadataMaxAge: metadataMaxAgeMs,
  });
  return { sockets, producer, connected: producer.connect(), usedAt: now };
};

const ignoreBroken = (): void => {
  // it ends anyway, and nothing waits for it any more
};
