import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { ConnectionId, type TenantId } from '../../../domain/ids.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { ConnectionAccount, HintOutcome, ResolveCommit } from '../../../ports/record-store.ts';
import { conditionally } from '../table/conditions.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { type Item, queryAll, type Table } from '../table/requests.ts';
import { readItem, storedNumber } from '../table/stored-attributes.ts';
import { isTaken, type LogMark, markAfter } from './log-mark.ts';

/** One hint, or several that share connection and outcome. */
export interface Counted {
  readonly connection: ConnectionId;
  readonly outcome: HintOutcome | 'received';
  readonly reason?: string;
  readonly hints: number;
}

/** How often a partition that several count at once is tried. */
const mostAttempts = 20;

/** All accounts of a tenant stand together, so that reading them is one query. */
const accountPartition = (tenant: TenantId): string => partitionOf('account', tenant, '');

export const readBackAccountKey = (tenant: TenantId, connection: ConnectionId): Item =>
  keyOf(accountPartition(tenant), `READ-BACK#${connection}`);

const logAccountKey = (tenant: TenantId, partition: number): Item =>
  keyOf(accountPartition(tenant), `PARTITION#${String(partition)}`);

/** Adds to the counts of an account item. A count's attribute is `connection/outcome`, with `/reason` where there is one. */
export const addingCounts = (counted: readonly Counted[]) => {
  const sums = new Map<string, number>();
  for (const { connection, outcome, reason, hints } of counted) {
    const name = reason === undefined ? `${connection}/${outcome}` : `${connection}/${outcome}/${reason}`;
    sums.set(name, (sums.get(name) ?? 0) + hints);
  }
  const counts = [...sums];
  return {
    clause: `ADD ${counts.map((_, index) => `#c${index} :c${index}`).join(', ')}`,
    names: Object.fromEntries(counts.map(([name], index) => [`#c${index}`, name])),
    values: Object.fromEntries(counts.map(([, hints], index) => [`:c${index}`, { N: String(hints) }])),
  };
};

export interface LogAccounts {
  /** Counts each hint of a batch that was not counted before: as received, and what became of it. */
  count(tenant: TenantId, commit: ResolveCommit): Promise<void>;
}

/** The accounts of the log's partitions. Where a partition was left is remembered, and corrected by what the table says. */
export const logAccounts = (store: Table): LogAccounts => {
  const marks = new Map<string, LogMark>();
  return {
    count: async (tenant, commit) => {
      const name = `${tenant}#${commit.partition}`;
      const mark = await countBatch(store, tenant, commit, marks.get(name));
      if (mark !== undefined) marks.set(name, mark);
    },
  };
};

const countBatch = async (
  store: Table,
  tenant: TenantId,
  commit: ResolveCommit,
  known: LogMark | undefined,
): Promise<LogMark | undefined> => {
  let mark = known;
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const { counted, next } = newsOf(commit, mark);
    if (counted.length === 0) return mark;
    const refused = await addToLogAccount(store, logAccountKey(tenant, commit.partition), { counted, next, mark });
    if (refused === undefined) return next;
    mark = refused.Item === undefined ? undefined : markIn(refused.Item);
  }
  throw new PipelineError('STORE_UNAVAILABLE', 'others keep counting the same partition', { retryable: true });
};

const newsOf = (
  { hints, inbox, upTo, upToAt }: ResolveCommit,
  mark: LogMark | undefined,
): { readonly counted: readonly Counted[]; readonly next: LogMark } => {
  const resolved = hints.filter((hint) => !isTaken(hint, mark));
  const waiting = inbox.filter((hint) => !isTaken(hint, mark));
  const end = { offset: upTo, appendedAt: upToAt };
  const received = [...resolved, ...waiting.map(({ record }) => record)];
  return {
    counted: [
      ...received.map(({ connection }) => ({ connection, outcome: 'received' as const, hints: 1 })),
      ...resolved.map((hint) => ({ ...hint, hints: 1 })),
    ],
    next: markAfter(mark, [...resolved, ...waiting, ...(isTaken(end, mark) ? [] : [end])]),
  };
};

/** Every count moves the mark, and its instant never goes back: an equal mark means that nobody counted since. */
const addToLogAccount = (
  { client, name }: Table,
  key: Item,
  {
    counted,
    next,
    mark,
  }: { readonly counted: readonly Counted[]; readonly next: LogMark; readonly mark: LogMark | undefined },
) => {
  const adding = addingCounts(counted);
  const command = new UpdateItemCommand({
    TableName: name,
    Key: key,
    UpdateExpression: `SET #upTo = :upTo, #maxAt = :maxAt ${adding.clause}`,
    ConditionExpression:
      mark === undefined ? 'attribute_not_exists(#upTo)' : '#upTo = :seenUpTo AND #maxAt = :seenMaxAt',
    ExpressionAttributeNames: { ...adding.names, '#upTo': 'upTo', '#maxAt': 'maxAt' },
    ExpressionAttributeValues: {
      ...adding.values,
      ...{ ':upTo': { N: String(next.upTo) }, ':maxAt': { N: String(next.maxAt) } },
      ...(mark === undefined ? {} : { ':seenUpTo': { N: String(mark.upTo) }, ':seenMaxAt': { N: String(mark.maxAt) } }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  return conditionally('count hints', () => client.send(command));
};

const StoredMark = z.object({ upTo: storedNumber, maxAt: storedNumber });

const markIn = (item: Item): LogMark => readItem('account', StoredMark, item);

/** By connection, its counts. Nothing yet of what waits. */
export const readCounts = async (
  store: Table,
  tenant: TenantId,
): Promise<readonly Omit<ConnectionAccount, 'waiting'>[]> => {
  const items = await queryAll(store, {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': table.partitionKey },
    ExpressionAttributeValues: { ':pk': { S: accountPartition(tenant) } },
    ConsistentRead: true,
  });
  const counts = items.flatMap((item) =>
    Object.entries(item)
      .filter(([name]) => name.includes('/'))
      .map(countIn),
  );
  const connections = [...new Set(counts.map(({ connection }) => connection))].sort();
  return connections.map((connection) => accountOf(connection, counts));
};

const CountName = z.tuple([
  ConnectionId,
  z.enum(['received', 'resolved', 'coalesced', 'deduplicated', 'rejected', 'dead']),
]);

const countIn = ([name, value]: [string, Item[string]]): Counted => {
  const [connection, outcome, ...reason] = name.split('/');
  const parts = readItem('account', z.object({ name: CountName, hints: storedNumber }), {
    name: [connection, outcome],
    hints: value,
  });
  return { connection: parts.name[0], outcome: parts.name[1], reason: reason.join('/'), hints: parts.hints };
};

const accountOf = (connection: ConnectionId, counts: readonly Counted[]): Omit<ConnectionAccount, 'waiting'> => {
  const of = (outcome: Counted['outcome']): readonly Counted[] =>
    counts.filter((count) => count.connection === connection && count.outcome === outcome);
  const sum = (outcome: Counted['outcome']): number => of(outcome).reduce((total, { hints }) => total + hints, 0);
  const byReason = (outcome: 'rejected' | 'dead'): Record<string, number> => {
    const sums = new Map<string, number>();
    for (const { reason = '', hints } of of(outcome)) sums.set(reason, (sums.get(reason) ?? 0) + hints);
    return Object.fromEntries(sums);
  };
  return {
    connection,
    received: sum('received'),
    resolved: sum('resolved'),
    coalesced: sum('coalesced'),
    deduplicated: sum('deduplicated'),
    rejected: byReason('rejected'),
    dead: byReason('dead'),
  };
};
