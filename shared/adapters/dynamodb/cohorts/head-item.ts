import { randomBytes } from 'node:crypto';
import { PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { CohortId } from '../../../domain/cohort.ts';
import { CohortHead } from '../../../domain/cohort-head.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { conditionally } from '../table/conditions.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { getAll, type Item, type Table } from '../table/requests.ts';
import { deflateJson, inflateJson, readItem, storedBytes, storedNumber } from '../table/stored-attributes.ts';

const HeadItem = z.object({
  revision: storedNumber,
  /** Names the attempt that put it, so that a writer knows its own put again. */
  attempt: storedBytes,
  head: storedBytes.transform((bytes) => inflateJson(CohortHead, bytes)),
});

const attemptBytes = 6;

export const headKey = (tenant: TenantId, cohort: CohortId): Item =>
  keyOf(partitionOf('cohort', tenant, cohort), 'HEAD');

/** Cohorts never written are absent. Strongly consistent. */
export const findHeads = async (
  store: Table,
  tenant: TenantId,
  cohorts: readonly CohortId[],
): Promise<ReadonlyMap<CohortId, CohortHead>> => {
  const keys = [...new Set(cohorts)].map((cohort) => headKey(tenant, cohort));
  const items = await getAll(store, keys);
  const heads = items.map((item) => readItem('cohort', HeadItem, item).head);
  return new Map(heads.map((head) => [head.cohort, head]));
};

/** False: another writer was first. */
export const putHead = async (store: Table, tenant: TenantId, head: CohortHead): Promise<boolean> => {
  const attempt = randomBytes(attemptBytes);
  const item: Item = {
    ...headKey(tenant, head.cohort),
    revision: { N: String(head.revision) },
    attempt: { B: attempt },
    head: { B: deflateJson(head) },
  };
  const refused = await conditionally('put a cohort', () =>
    store.client.send(new PutItemCommand(putOf(store.name, item, head.revision))),
  );
  if (refused === undefined) return true;
  // an answer that got lost is asked for again by the client: then what stands there is our own
  return refused.Item !== undefined && attempt.equals(readItem('cohort', HeadItem, refused.Item).attempt);
};

const putOf = (name: string, item: Item, revision: number): PutItemCommandInput => ({
  TableName: name,
  Item: item,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  ...(revision === 1
    ? { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': table.partitionKey } }
    : {
        ConditionExpression: '#revision = :read',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':read': { N: String(revision - 1) } },
      }),
});
