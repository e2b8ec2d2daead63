import { TransactionConflictException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { ConnectionId, TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { InboxHint, InboxItem } from '../../../ports/record-store.ts';
import { conditionally } from '../table/conditions.ts';
import { keysInIndex } from '../table/index-keys.ts';
import { shardsOf } from '../table/keys.ts';
import { getAll, type Item, sideBySide, type Table } from '../table/requests.ts';
import { settingOf } from '../table/stored-attributes.ts';
import { type InboxChange, inboxItemOf, takeHints } from './inbox-item.ts';
import { inboxKey } from './record-key.ts';

/** How often an item that others keep changing is tried, and how long a transaction in the way is waited for. */
const mostAttempts = 10;
const conflictPauseMs = 20;

/** Candidates looked at beyond those asked for: of entries due at about the same time the oldest hints go first. */
const lookAhead = 50;

/** Keys of one read; reads in flight. */
const perRead = 100;
const readsAtOnce = 10;

interface Hints {
  readonly partition: number;
  /** Of one record, in the order of the log. */
  readonly hints: readonly InboxHint[];
}

/** One conditional write per record and batch; none where every hint was taken before. `found`: the item as it was read. */
export const putHints = async (
  store: Table,
  {
    tenant,
    recordKey,
    found,
  }: { readonly tenant: TenantId; readonly recordKey: string; readonly found: Item | undefined },
  hints: Hints,
): Promise<void> => {
  let item = found;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const change = takeHints(tenant, item, hints);
    if (change === undefined) return;
    const outcome = await apply(store, inboxKey(tenant, recordKey), change);
    if (outcome === 'applied') return;
    if (outcome === 'in the way') await store.pause(conflictPauseMs * attempt);
    else item = outcome.stored;
  }
  throw new PipelineError('STORE_UNAVAILABLE', 'others keep changing an inbox item', { retryable: true });
};

type Applied = 'applied' | 'in the way' | { readonly stored: Item | undefined };

const apply = async ({ client, name }: Table, key: Item, change: InboxChange): Promise<Applied> => {
  const { clause, names, values } = settingOf(change.set);
  const removed = change.remove.map((attribute) => `#${attribute}`).join(', ');
  const command = new UpdateItemCommand({
    TableName: name,
    Key: key,
    UpdateExpression: removed === '' ? clause : `${clause} REMOVE ${removed}`,
    ConditionExpression: change.condition,
    ExpressionAttributeNames: {
      ...names,
      ...Object.fromEntries(change.remove.map((attribute) => [`#${attribute}`, attribute])),
    },
    ExpressionAttributeValues: { ...values, ...change.values },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const refused = await conditionally('put hints into the inbox', () => client.send(command));
    return refused === undefined ? 'applied' : { stored: refused.Item };
  } catch (error) {
    // a read-back is just answering this very item
    if (error instanceof PipelineError && error.cause instanceof TransactionConflictException) return 'in the way';
    throw error;
  }
};

/** Those that may be read now, oldest hint first among the ones whose turn came first. */
export const findWaiting = async (
  store: Table,
  { tenant, connection }: { readonly tenant: TenantId; readonly connection: ConnectionId },
  wallNow: Instant,
  limit: number,
): Promise<readonly InboxItem[]> => {
  const shards = shardsOf('inbox', tenant, connection);
  const due = await keysInIndex(store, table.indexes.due, { shards, until: wallNow, limit: limit + lookAhead });
  const waiting = await readWaiting(
    store,
    tenant,
    due.map(({ key }) => key),
  );
  return waiting
    .filter(({ retryAt }) => retryAt <= wallNow)
    .sort((a, b) => a.firstHintAt - b.firstHintAt)
    .slice(0, limit);
};

/** The items of these keys that wait, as they stand. */
export const readWaiting = async (
  store: Table,
  tenant: TenantId,
  keys: readonly Item[],
): Promise<readonly InboxItem[]> => {
  const requests = Array.from({ length: Math.ceil(keys.length / perRead) }, (_, index) =>
    keys.slice(index * perRead, (index + 1) * perRead),
  );
  const items = await sideBySide(requests, readsAtOnce, (each) => getAll(store, each));
  return items.flat().flatMap((item) => inboxItemOf(tenant, item) ?? []);
};

/** Hints of a connection that wait in the inbox. */
export const countWaiting = async (store: Table, tenant: TenantId, connection: ConnectionId): Promise<number> => {
  const shards = shardsOf('inbox', tenant, connection);
  const all = await keysInIndex(store, table.indexes.due, { shards, until: Number.MAX_SAFE_INTEGER });
  const waiting = await readWaiting(
    store,
    tenant,
    all.map(({ key }) => key),
  );
  return waiting.reduce((sum, { hints }) => sum + hints, 0);
};

/** Moves one waiting item on; one that was answered meanwhile is left alone. */
export const postponeItem = async (
  { client, name }: Table,
  { tenant, recordKey }: { readonly tenant: TenantId; readonly recordKey: string },
  retryAt: Instant,
): Promise<void> => {
  const command = new UpdateItemCommand({
    TableName: name,
    Key: inboxKey(tenant, recordKey),
    UpdateExpression: 'SET #at = :at ADD #attempts :one',
    ConditionExpression: 'attribute_exists(#hints)',
    ExpressionAttributeNames: { '#at': table.indexes.due.sortKey, '#attempts': 'attempts', '#hints': 'hints' },
    ExpressionAttributeValues: { ':at': { N: String(retryAt) }, ':one': { N: '1' } },
  });
  await conditionally('put a record off', () => client.send(command));
};
