import { randomBytes } from 'node:crypto';
import { type DynamoDBClient, PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { ModelPointer, ModelVersion } from '../../../domain/model-pointer.ts';
import type { ModelRegistry } from '../../../ports/model-registry.ts';
import { conditionally } from '../table/conditions.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { getAll, type Item, openTable, queryAll, type Table } from '../table/requests.ts';
import { deflateJson, inflateJson, readItem, storedBytes } from '../table/stored-attributes.ts';

export interface ModelRegistryOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** All of a tenant's in one partition, which is as small as its models are few. */
const versionPrefix = 'VERSION#';
/** Enough digits that numbers sort as text. */
const digits = 16;

const VersionItem = z.object({ body: storedBytes.transform((bytes) => inflateJson(ModelVersion, bytes)) });
const PointerItem = z.object({
  /** Names the attempt that put it, so that a writer knows its own put again. */
  attempt: storedBytes,
  body: storedBytes.transform((bytes) => inflateJson(ModelPointer, bytes)),
});

const attemptBytes = 6;

const partitionOfModels = (tenant: TenantId): string => partitionOf('models', tenant, '');
const versionKey = (tenant: TenantId, { id, version }: Pick<ModelVersion, 'id' | 'version'>): Item =>
  keyOf(partitionOfModels(tenant), `${versionPrefix}${id}#${String(version).padStart(digits, '0')}`);
const pointerKey = (tenant: TenantId): Item => keyOf(partitionOfModels(tenant), 'POINTER');

/** Published models and the pointer in one DynamoDB table (`definitions/table.ts`). */
export const dynamoDbModelRegistry = ({ client, table: name }: ModelRegistryOptions): ModelRegistry => {
  const store = openTable(client, name);
  return {
    register: async (tenant, version) => {
      const item = { ...versionKey(tenant, version), body: { B: deflateJson(version) } };
      const refused = await putNew(store, item);
      if (refused === undefined) return { outcome: 'registered' };
      const stored = readItem('model', VersionItem, refused).body;
      return { outcome: stored.hash === version.hash ? 'known' : 'taken', stored };
    },
    findVersions: async (tenant, wanted) => {
      const items = await getAll(
        store,
        wanted.map((each) => versionKey(tenant, each)),
      );
      return items.map((item) => readItem('model', VersionItem, item).body);
    },
    listVersions: async (tenant) => {
      const items = await queryAll(store, {
        KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :versions)',
        ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
        ExpressionAttributeValues: { ':pk': { S: partitionOfModels(tenant) }, ':versions': { S: versionPrefix } },
        ConsistentRead: true,
      });
      return items.map((item) => readItem('model', VersionItem, item).body);
    },
    readPointer: async (tenant) => {
      const [item] = await getAll(store, [pointerKey(tenant)]);
      return item === undefined ? undefined : readItem('pointer to the models', PointerItem, item).body;
    },
    putPointer: async (tenant, pointer) => putPointer(store, tenant, pointer),
  };
};

/** What stands there already, if something does. */
const putNew = async ({ client, name }: Table, item: Item): Promise<Item | undefined> => {
  const command = new PutItemCommand({ TableName: name, Item: item, ...absent });
  const refused = await conditionally('keep a model', () => client.send(command));
  return refused === undefined ? undefined : (refused.Item ?? {});
};

const absent = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': table.partitionKey },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
} as const;

const putPointer = async (store: Table, tenant: TenantId, pointer: ModelPointer): Promise<boolean> => {
  const attempt = randomBytes(attemptBytes);
  const { revision } = pointer;
  const item: Item = {
    ...pointerKey(tenant),
    revision: { N: String(revision) },
    attempt: { B: attempt },
    body: { B: deflateJson(pointer) },
  };
  const command: PutItemCommandInput = { TableName: store.name, Item: item, ...conditionOf(revision) };
  const refused = await conditionally('point to other models', () => store.client.send(new PutItemCommand(command)));
  if (refused === undefined) return true;
  // an answer that got lost is asked for again by the client: then what stands there is our own
  return refused.Item !== undefined && attempt.equals(readItem('pointer', PointerItem, refused.Item).attempt);
};

const conditionOf = (revision: number): Partial<PutItemCommandInput> =>
  revision === 1
    ? absent
    : {
        ConditionExpression: '#revision = :read',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':read': { N: String(revision - 1) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      };
