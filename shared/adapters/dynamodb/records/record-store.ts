import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { recordKeyOf } from '../../../domain/record.ts';
import type { RecordItem } from '../../../domain/record-item.ts';
import type { RecordStore, ResolveCommit } from '../../../ports/record-store.ts';
import { groupedBy } from '../table/grouped-by.ts';
import { keysInIndex } from '../table/index-keys.ts';
import { shardsOf } from '../table/keys.ts';
import { getAll, openTable, sideBySide, type Table } from '../table/requests.ts';
import { countWaiting, findWaiting, postponeItem, putHints } from './inbox.ts';
import { settleAnswers } from './inbox-answers.ts';
import { type LogAccounts, logAccounts, readCounts } from './record-accounts.ts';
import { clearPending, putRecord, readRecords } from './record-items.ts';
import { distinctKeys, inboxKey, partitionIn, recordItemKey, recordPartition } from './record-key.ts';

export interface DynamoDbRecordStoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Wall clock, milliseconds: for the instants at which leftovers may go. */
  readonly wallNow?: () => number;
}

/** Writes in flight of one call. */
const width = 25;
/** Longer than the log keeps what may be delivered again: an answered inbox item knows a redelivery until then. */
const answeredKeptMs = 8 * 86_400_000;
/** Longer than anything stays unpublished. */
const partsKeptMs = 30 * 86_400_000;

/**
 * Records, inbox and accounts in one DynamoDB table (`definitions/table.ts`), for any number of processes. A hint counts as
 * `received` when it is taken off the stream: what waits on the stream is not known here, and `waiting` is what waits in the
 * inbox, by an index that hears of a write a moment later.
 */
export const dynamoDbRecordStore = (options: DynamoDbRecordStoreOptions): RecordStore => {
  const store = openTable(options.client, options.table);
  const wallNow = options.wallNow ?? Date.now;
  const secondsAfter = (ms: number): number => Math.ceil((wallNow() + ms) / 1_000);
  const accounts = logAccounts(store);
  const puts = (records: readonly RecordItem[]): readonly Write[] =>
    records.map((record) => ({
      key: recordKeyOf(record.record),
      write: () => putRecord(store, record, secondsAfter(partsKeptMs)),
    }));
  return {
    findAll: async (tenant, records) => {
      const keys = distinctKeys(records).map((key) => recordItemKey(tenant, key));
      return new Map((await readRecords(store, tenant, keys)).map((item) => [recordKeyOf(item.record), item]));
    },
    commitResolved: async (tenant, commit) => {
      // written ahead: the offset moves only when all of the batch is in its place, so what is counted will be there
      const inbox = await countAndReadInbox(store, accounts, tenant, commit);
      return failedOf([...inbox, ...puts(commit.records)]);
    },
    commitReadBack: async (tenant, { records, answered }) => {
      const lost = await failedOf(puts(records));
      const written = answered.filter(({ record }) => !lost.includes(recordKeyOf(record)));
      await settleAnswers(store, tenant, written, secondsAfter(answeredKeptMs));
      return lost;
    },
    markPublished: async (tenant, published) => {
      await sideBySide(published, width, (each) => clearPending(store, tenant, each));
    },
    findUnpublished: async (tenant, before, limit) => {
      const { unpublished } = table.indexes;
      const owing = await keysInIndex(store, unpublished, {
        shards: shardsOf('record', tenant),
        until: before - 1,
        limit,
      });
      const keys = owing.map(({ key }) => key);
      const places = new Map(keys.map((key, place) => [partitionIn(key), place]));
      const placeOf = ({ record }: RecordItem): number =>
        places.get(recordPartition(tenant, recordKeyOf(record))) ?? keys.length;
      return (await readRecords(store, tenant, keys))
        .filter(({ pending }) => pending.length > 0)
        .sort((a, b) => placeOf(a) - placeOf(b))
        .map(({ record }) => record);
    },
    findWaiting: (tenant, connection, wall, limit) => findWaiting(store, { tenant, connection }, wall, limit),
    postpone: async (tenant, records, retryAt) => {
      await sideBySide(distinctKeys(records), width, (recordKey) =>
        postponeItem(store, { tenant, recordKey }, retryAt),
      );
    },
    readAccounts: async (tenant) =>
      sideBySide(await readCounts(store, tenant), width, async (counts) => ({
        ...counts,
        waiting: await countWaiting(store, tenant, counts.connection),
      })),
  };
};

/** `write` resolves to false where another writer was first. */
interface Write {
  readonly key: string;
  readonly write: () => Promise<boolean>;
}

const countAndReadInbox = async (
  store: Table,
  accounts: LogAccounts,
  tenant: TenantId,
  commit: ResolveCommit,
): Promise<readonly Write[]> => {
  const byRecord = groupedBy(commit.inbox, ({ record }) => recordKeyOf(record));
  const keys = [...byRecord.keys()].map((recordKey) => inboxKey(tenant, recordKey));
  const [items] = await Promise.all([getAll(store, keys), accounts.count(tenant, commit)]);
  const found = new Map(items.map((item) => [partitionIn(item), item]));
  return [...byRecord].map(([recordKey, hints]) => ({
    key: recordKey,
    write: async () => {
      const item = found.get(recordPartition(tenant, recordKey));
      await putHints(store, { tenant, recordKey, found: item }, { partition: commit.partition, hints });
      return true;
    },
  }));
};

/** Keys of which something was not written. A failure of some is theirs alone; of all, it is the store's. */
const failedOf = async (writes: readonly Write[]): Promise<readonly string[]> => {
  const failures: PipelineError[] = [];
  const outcomes = await sideBySide(writes, width, async ({ write }) => {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof PipelineError) || !error.retryable) throw error;
      failures.push(error);
      return false;
    }
  });
  if (failures[0] !== undefined && failures.length === writes.length) throw failures[0];
  return [...new Set(writes.filter((_, index) => outcomes[index] === false).map(({ key }) => key))];
};
