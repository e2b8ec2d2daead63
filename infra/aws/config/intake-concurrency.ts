import { brokersOf, instanceOf } from './new-cluster.ts';
import type { Stage } from './stage.ts';

/** What a cluster lets in. Each broker by itself, but for MSK Serverless, which counts them together. */
interface Doors {
  readonly brokers: number;
  readonly together: boolean;
  readonly connections: number;
  readonly newPerSecond: number;
}

/** Concurrency is taken from the account's, which is 1,000 where nobody asked for more. So many serve 1,000 webhooks a second of 100 ms. */
const usual = 100;

/** The share of all connections that is the intake's; the rest is for four other functions, pollers and whoever else is there. */
const share = 0.25;

/** A burst may take so long to be connected. Whose append is late goes by the table meanwhile and is not lost. */
const burstSeconds = 10;

/** Addresses of MSK Serverless hide how many brokers there are: it stands in three zones at most times. */
const serverlessBrokers = 3;

/**
 * How many environments of receive-webhook run at once. As `functions.receive-webhook.concurrency` says; otherwise the least of
 * 100 and {@link connectionCeiling}.
 */
export const intakeConcurrency = (stage: Stage): number =>
  stage.functions['receive-webhook']?.concurrency ?? Math.min(usual, connectionCeiling(stage) ?? usual);

/**
 * How many environments of receive-webhook the brokers let in. Undefined where no limit is known: any Kafka, and MSK without IAM.
 *
 * An environment holds one connection to each broker and one more to the broker it asked first: 1 + 1/brokers at each. So
 *
 *     environments = min(share × connections, new connections a second × burst seconds) / (1 + 1/brokers)
 *
 * at each broker; over 1 + brokers where a cluster counts as one. Limits of docs.aws.amazon.com/msk/latest/developerguide/limits.html,
 * for IAM: 3,000 connections and 100 new ones a second for a broker, 4 on t3; the same once for a cluster of MSK Serverless.
 */
export const connectionCeiling = (stage: Pick<Stage, 'stream' | 'network'>): number | undefined => {
  const doors = doorsOf(stage);
  if (doors === undefined) return undefined;
  const { brokers, together, connections, newPerSecond } = doors;
  const each = together ? brokers + 1 : 1 + 1 / brokers;
  return Math.max(1, Math.floor(Math.min(share * connections, newPerSecond * burstSeconds) / each));
};

const doorsOf = (stage: Pick<Stage, 'stream' | 'network'>): Doors | undefined => {
  const { stream } = stage;
  const limits = { connections: 3_000, newPerSecond: 100, together: false };
  switch (stream.kind) {
    case 'msk-serverless':
      return { ...limits, brokers: serverlessBrokers, together: true };
    case 'msk-provisioned': {
      const brokers = Math.max(1, brokersOf(stage, stream));
      return { ...limits, brokers, ...(instanceOf(stream).startsWith('kafka.t3.') ? { newPerSecond: 4 } : {}) };
    }
    case 'msk':
      if (stream.signIn.by !== 'iam') return undefined;
      return stream.serverless
        ? { ...limits, brokers: serverlessBrokers, together: true }
        : { ...limits, brokers: stream.brokers.length };
    case 'kafka':
      return undefined;
  }
};
