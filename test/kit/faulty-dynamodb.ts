import {
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';

export interface Faults {
  /** Share of calls that fail, 0 to 1. */
  readonly rate: number;
  /** Numbers in 0..1. */
  readonly random: () => number;
  /** How late an index query sees the table. */
  readonly delayIndexReadsMs?: number;
}

export type Fault = 'throttled' | 'timed-out-before' | 'timed-out-after';

/**
 * Makes this client's calls fail as a table under load makes them: throttled or timed out, half of these after the call was
 * carried out, so that only its answer is lost. The client's own retries stay on: each attempt may fail. Returns what happened.
 */
export const faultyDynamoDb = (client: DynamoDBClient, { rate, random, delayIndexReadsMs = 0 }: Faults) => {
  const counts: Record<Fault, number> = { throttled: 0, 'timed-out-before': 0, 'timed-out-after': 0 };
  client.middlewareStack.add(
    (next) => async (args) => {
      const fault = random() < rate ? faultOf(random) : undefined;
      if (fault !== undefined) counts[fault] += 1;
      if (fault === 'throttled') throw throttling(random);
      if (fault === 'timed-out-before') throw timeout();
      const isIndexRead = (args.input as { readonly IndexName?: string }).IndexName !== undefined;
      const answer = await next(args);
      // an answer that waits tells what the index knew before
      if (isIndexRead && delayIndexReadsMs > 0) await new Promise((resolve) => setTimeout(resolve, delayIndexReadsMs));
      if (fault === 'timed-out-after') throw timeout();
      return answer;
    },
    // within the client's retries
    { step: 'finalizeRequest', priority: 'low', name: 'faults', override: true },
  );
  return counts;
};

const faultOf = (random: () => number): Fault => {
  const drawn = random();
  return drawn < 0.5 ? 'throttled' : drawn < 0.75 ? 'timed-out-before' : 'timed-out-after';
};

const throttling = (random: () => number): Error => {
  const details = { message: 'throttled by the test', $metadata: { httpStatusCode: 400 } };
  return random() < 0.5 ? new ProvisionedThroughputExceededException(details) : new ThrottlingException(details);
};

/** As the client's own request handler tells it. */
const timeout = (): Error => Object.assign(new Error('timed out by the test'), { name: 'TimeoutError' });
