import {
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type BatchWriteItemCommandInput,
  type BatchWriteItemCommandOutput,
  type ConsumedCapacity,
  type DynamoDBClient,
  type GetItemCommandInput,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Item } from './aws-item-size.ts';
import { type UnitLedger, type Units, unitLedger } from './unit-ledger.ts';

export interface UnitCounter {
  read(): Units;
  /** From zero again. What was written stays known. */
  reset(): void;
}

/**
 * Counts, by the rules of AWS, what the calls of this client cost in tables of our layout. It knows old items from a copy of
 * what was written through it: count from an empty table. Queries and scans are charged as the answer says.
 */
export const countUnits = (client: DynamoDBClient): UnitCounter => {
  const ledger = unitLedger();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const asked = /^(Query|Scan)Command$/.test(commandName)
          ? { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } as typeof args.input }
          : args;
        return next(asked);
      },
    { step: 'initialize', name: 'ask-units', override: true },
  );
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        ledger.request();
        try {
          const answer = await next(args);
          accountOf(commandName)(ledger, args.input, answer.output);
          return answer;
        } catch (error) {
          if (isRefusal(error)) accountOf(commandName)(ledger, args.input, undefined);
          throw error;
        }
      },
    { step: 'finalizeRequest', priority: 'low', name: 'count-units', override: true },
  );
  return { read: ledger.units, reset: ledger.reset };
};

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && /^(ConditionalCheckFailed|TransactionCanceled)Exception$/.test(error.name);

/** `output` is undefined where a condition did not hold. */
type Account = (ledger: UnitLedger, input: object, output: object | undefined) => void;

const accountOf = (command: string): Account => {
  const account = accounts[command];
  if (account === undefined) throw new Error(`what ${command} costs is not known here`);
  return account;
};

const readBatch = (
  ledger: UnitLedger,
  input: BatchGetItemCommandInput,
  output: BatchGetItemCommandOutput | undefined,
): void => {
  for (const [table, { Keys = [], ConsistentRead }] of Object.entries(input.RequestItems ?? {})) {
    const left = new Set((output?.UnprocessedKeys?.[table]?.Keys ?? []).map((key) => JSON.stringify(key)));
    for (const key of Keys) if (!left.has(JSON.stringify(key))) ledger.read(table, key, ConsistentRead === true);
  }
};

const writeBatch = (
  ledger: UnitLedger,
  input: BatchWriteItemCommandInput,
  output: BatchWriteItemCommandOutput | undefined,
): void => {
  for (const [table, all] of Object.entries(input.RequestItems ?? {})) {
    const left = new Set((output?.UnprocessedItems?.[table] ?? []).map((request) => JSON.stringify(request)));
    for (const request of all) {
      if (left.has(JSON.stringify(request))) continue;
      const { PutRequest, DeleteRequest } = request;
      if (PutRequest?.Item !== undefined) ledger.put(table, PutRequest.Item);
      if (DeleteRequest?.Key !== undefined) ledger.remove(table, DeleteRequest.Key);
    }
  }
};

/** Everything within a transaction is written twice: prepared and done. */
const transact = (
  ledger: UnitLedger,
  { TransactItems = [] }: TransactWriteItemsCommandInput,
  isDone: boolean,
): void => {
  for (const { Put, Update, Delete, ConditionCheck } of TransactItems) {
    const table = (Put ?? Update ?? Delete ?? ConditionCheck)?.TableName ?? '';
    const key = Put?.Item ?? (Update ?? Delete ?? ConditionCheck)?.Key ?? {};
    if (!isDone || ConditionCheck !== undefined) ledger.refuse(table, key, 2);
    else if (Put !== undefined) ledger.put(table, key, 2);
    else if (Update !== undefined) ledger.update(table, key, Update, 2);
    else ledger.remove(table, key, 2);
  }
};

const onePlace = (input: object): { readonly table: string; readonly key: Item } => {
  const { TableName: table = '', Item: item, Key: key } = input as { TableName?: string; Item?: Item; Key?: Item };
  return { table, key: item ?? key ?? {} };
};

/** As the answer says: what a query passed over is seen only there. */
const asAnswered: Account = (ledger, _, output) =>
  ledger.spent((output as { ConsumedCapacity?: ConsumedCapacity } | undefined)?.ConsumedCapacity?.CapacityUnits ?? 0);

const writing =
  (write: (ledger: UnitLedger, table: string, key: Item, input: object) => void): Account =>
  (ledger, input, output) => {
    const { table, key } = onePlace(input);
    if (output === undefined) ledger.refuse(table, key);
    else write(ledger, table, key, input);
  };

const accounts: Readonly<Record<string, Account>> = {
  BatchGetItemCommand: (ledger, input, output) =>
    readBatch(ledger, input as BatchGetItemCommandInput, output as BatchGetItemCommandOutput | undefined),
  GetItemCommand: (ledger, input) => {
    const { table, key } = onePlace(input);
    ledger.read(table, key, (input as GetItemCommandInput).ConsistentRead === true);
  },
  QueryCommand: asAnswered,
  ScanCommand: asAnswered,
  BatchWriteItemCommand: (ledger, input, output) =>
    writeBatch(ledger, input as BatchWriteItemCommandInput, output as BatchWriteItemCommandOutput | undefined),
  PutItemCommand: writing((ledger, table, item) => ledger.put(table, item)),
  DeleteItemCommand: writing((ledger, table, key) => ledger.remove(table, key)),
  UpdateItemCommand: writing((ledger, table, key, input) => ledger.update(table, key, input)),
  TransactWriteItemsCommand: (ledger, input, output) =>
    transact(ledger, input as TransactWriteItemsCommandInput, output !== undefined),
};
