import {
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { answered, type Item, type Table } from './requests.ts';

/** What one action of a transaction met. `stored` stands where the action asked for ALL_OLD and there was an item. */
export type ActionVerdict = { readonly held: true } | { readonly held: false; readonly stored: Item | undefined };

/** How often a transaction that met another one is tried again; the pause doubles from 20 ms. */
const mostAttempts = 8;

/**
 * All of it or nothing; at most a hundred actions on different items. Undefined when it was done, else what each action met:
 * at least one condition did not hold.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable: throttled, or in the way of others again and again.
 */
export const transact = async (
  { client, name, pause }: Table,
  what: string,
  actions: readonly TransactWriteItem[],
): Promise<readonly ActionVerdict[] | undefined> => {
  for (let attempt = 1; ; attempt += 1) {
    const cancelled = await answered(what, async () => {
      try {
        await client.send(new TransactWriteItemsCommand({ TransactItems: [...actions] }));
        return undefined;
      } catch (error) {
        if (error instanceof TransactionCanceledException) return error;
        throw error;
      }
    });
    if (cancelled === undefined) return undefined;
    const reasons = cancelled.CancellationReasons ?? [];
    if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed'))
      return actions.map((_, index) => {
        const reason = reasons[index];
        return reason?.Code === 'ConditionalCheckFailed' ? { held: false, stored: reason.Item } : { held: true };
      });
    if (attempt === mostAttempts)
      throw new PipelineError('STORE_UNAVAILABLE', `could not ${what} in ${name}`, {
        retryable: true,
        cause: cancelled,
      });
    await pause(20 * 2 ** (attempt - 1) * (0.5 + Math.random()));
  }
};
