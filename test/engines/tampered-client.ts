import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { onTestFinished } from 'vitest';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { engineAddress } from './engine-address.ts';

/** One attempt of one command, as the network sees it. `send` carries it out. */
export interface Attempt {
  /** `PutItemCommand` … */
  readonly command: string;
  /** The command's input as JSON. */
  readonly input: string;
  readonly send: () => Promise<void>;
}

/** What the network says when it says nothing: the SDK tries again. */
export const timedOut = (): Error => Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });

/** A client for one test whose attempts pass through `tamper` first: it may wait, fail, or send and then fail. */
export const tamperedClient = (tamper: (attempt: Attempt) => Promise<void>): DynamoDBClient => {
  const client = connectDynamoDb({ endpoint: engineAddress('DYNAMODB_ENDPOINT') });
  onTestFinished(() => client.destroy());
  client.middlewareStack.add(
    (next, context) => async (args) => {
      let answer: Awaited<ReturnType<typeof next>> | undefined;
      const send = async (): Promise<void> => {
        answer = await next(args);
      };
      await tamper({ command: context.commandName ?? '', input: JSON.stringify(args.input), send });
      if (answer === undefined) throw new Error('the attempt was neither sent nor refused');
      return answer;
    },
    // within the SDK's own retries
    { step: 'finalizeRequest', priority: 'low' },
  );
  return client;
};
