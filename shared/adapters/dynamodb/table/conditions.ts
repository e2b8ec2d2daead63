import {
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { answered, type Item, type Table } from './requests.ts';

/** What a condition refused, or undefined when it held. */
export const conditionally = (
  what: string,
  request: () => Promise<unknown>,
): Promise<ConditionalCheckFailedException | undefined> =>
  answered(what, async () => {
    try {
      await request();
      return undefined;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return error;
      throw error;
    }
  });

/** The item as it is now, or undefined where the condition did not hold. */
export const updateIf = async (
  { client, name }: Table,
  key: Item,
  update: Omit<UpdateItemCommandInput, 'TableName' | 'Key' | 'ReturnValues'>,
): Promise<Item | undefined> => {
  const command = new UpdateItemCommand({ ...update, TableName: name, Key: key, ReturnValues: 'ALL_NEW' });
  let updated: Item | undefined;
  await conditionally('update a customer', async () => {
    updated = (await client.send(command)).Attributes ?? {};
  });
  return updated;
};
