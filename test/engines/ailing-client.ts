import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const timeout = (): Error => Object.assign(new Error('timed out by the test'), { name: 'TimeoutError' });

const isWrite = (command: string | undefined): boolean =>
  ['TransactWriteItems', 'BatchWriteItem', 'PutItem', 'UpdateItem', 'DeleteItem'].some(
    (name) => command === `${name}Command`,
  );

/** Carries out this many writes; from the next on nobody answers, and what is stored stays as a crash would leave it. */
export const failingAfter = (client: DynamoDBClient, writes: number): void => {
  let left = writes;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (isWrite(commandName)) left -= 1;
        if (left < 0) throw timeout();
        return next(args);
      },
    { step: 'initialize', name: 'crash' },
  );
};

/** Carries out the next transactions, this many, and does not tell: the client's own retries do not see it. */
export const losingAnswers = (client: DynamoDBClient, transactions: number): void => {
  let left = transactions;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if ('TransactItems' in args.input && left > 0) {
        left -= 1;
        throw timeout();
      }
      return answer;
    },
    { step: 'initialize', name: 'lost-answers' },
  );
};

/** Indexes that have not heard of anything yet. */
export const withoutIndexes = (client: DynamoDBClient): void => {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if ('IndexName' in args.input) Object.assign(answer.output, { Items: [] });
      return answer;
    },
    { step: 'initialize', name: 'late-indexes' },
  );
};
