import type { PipelineError } from '../../domain/pipeline-error.ts';
import type { Received, Subscription } from '../../ports/stream.ts';
import { batchWork } from './batch-work.ts';
import { connectKafka, type KafkaConnection } from './connect.ts';
import { failureOf } from './failure-of.ts';
import { kafkaSockets } from './sockets.ts';
import { watchClient } from './watch-client.ts';
import { within } from './within.ts';

export interface MemberSettings {
  /** How long a rejected batch waits before it comes again. */
  readonly retryAfterMs: number;
  /** How long an idle fetch stays open; a stop waits for it. */
  readonly maxWaitMs: number;
}

export type Process = (batch: readonly Received[]) => Promise<void>;

/** Why a member's life ended: `final` is not worth another one. */
export type MemberEnd = { readonly final: PipelineError } | { readonly failed: unknown };

/** One life of one member of a consumer group: it is not mended, but replaced. */
export interface Member {
  /** Resolves when it ended by itself. It still has to leave. */
  readonly ended: Promise<MemberEnd>;
  /** Resolves after the batch in hand, when nothing more will be delivered. A broker that does not answer cannot hold it up. */
  leave(): Promise<void>;
}

const mebibyte = 1_048_576;
/** A member that says nothing for so long loses its partitions to the others. */
const sessionMs = 10_000;
/** How long the others wait for a member with a batch in hand when partitions are dealt out anew. */
const rebalanceMs = 30_000;
/** Added partitions are seen after at most this long. */
const metadataMaxAgeMs = 15_000;
const leavePatienceMs = 5_000;

/** @throws {PipelineError} `STREAM_UNAVAILABLE`, retryable; `CONFIG_INVALID` where the cluster says that we may not. */
export const joinGroup = async (
  connection: KafkaConnection,
  subscription: Subscription,
  process: Process,
  { maxWaitMs, retryAfterMs }: MemberSettings,
): Promise<Member> => {
  const { prefix = '', brokers } = connection;
  const sockets = kafkaSockets();
  const consumer = connectKafka(connection, sockets).consumer({
    groupId: `${prefix}${subscription.group}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: maxWaitMs,
    maxBytes: 4 * mebibyte,
    maxBytesPerPartition: mebibyte,
    sessionTimeout: sessionMs,
    rebalanceTimeout: rebalanceMs,
    heartbeatInterval: sessionMs / 4,
    metadataMaxAge: metadataMaxAgeMs,
    // what this does not mend is mended by a new member: this one would ask on the same sockets
    retry: { retries: 3, initialRetryTime: 200, maxRetryTime: 2_000, restartOnFailure: () => Promise.resolve(false) },
  });
  let report = (_: MemberEnd): void => undefined;
  const ended = new Promise<MemberEnd>((resolve) => {
    report = resolve;
  });
  const giveUp = (final: PipelineError): void => report({ final });
  const work = batchWork({ consumer, subscription, process, brokers, retryAfterMs, giveUp });
  const end = (why: MemberEnd): void => {
    void work.finish();
    report(why);
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => end(endOf(payload.error)));
  let dead = false;
  const unwatch = watchClient(consumer, work.isBusy, (trouble) => {
    dead ||= trouble === 'a request was not answered';
    end({ failed: new Error(trouble) });
  });
  const leave = async (): Promise<void> => {
    unwatch();
    const left = consumer.stop().then(() => consumer.disconnect());
    await work.finish();
    if (!dead) await within(leavePatienceMs, left).catch(goAnyway);
    sockets.abandon();
    void left.catch(goAnyway);
  };
  try {
    const topic = { topic: `${prefix}${subscription.topic}`, fromBeginning: true };
    await Promise.race([consumer.connect().then(() => consumer.subscribe(topic)), ended.then(throwEnd)]);
    // a group that cannot be joined yet is not a cluster that is not there: who ended by now is replaced
    const running = consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: work.eachBatch });
    await Promise.race([running, ended]);
  } catch (cause) {
    await leave();
    throw failureOf(`could not subscribe to ${subscription.topic}`, cause);
  }
  return { ended, leave };
};

const goAnyway = (): void => {
  // the coordinator does not answer: it will miss our heartbeats
};

const throwEnd = (end: MemberEnd): never => {
  throw 'final' in end ? end.final : end.failed;
};

const endOf = (error: Error): MemberEnd => {
  const failure = failureOf('a consumer crashed', error);
  return failure.retryable ? { failed: error } : { final: failure };
};
