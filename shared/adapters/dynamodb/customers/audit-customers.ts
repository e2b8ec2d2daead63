import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { keyOf } from '../table/keys.ts';
import { withPrefix } from '../table/read-partition.ts';
import { answered, getAll, type Item, openTable, type Table } from '../table/requests.ts';
import { readItem, storedBytes, storedNumber, storedText } from '../table/stored-attributes.ts';
import { chunkPrefix, sortKeysOfChunks } from './chunk-items.ts';
import { bodyPrefix, chainTo, linkPrefix } from './ledger-items.ts';
import { customersPrefix, stateOfItem, stateSortKey } from './state-item.ts';
import { deleteAll } from './write-ahead.ts';

export interface AuditOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Milliseconds since 1970. */
  readonly wallNow: () => number;
  /** After every page of the table, with what was found so far. */
  readonly onProgress?: (found: Audited) => void;
}

/** Customers that were looked at, and what was removed. */
export interface Audited {
  readonly customers: number;
  readonly links: number;
  readonly bodies: number;
  readonly chunks: number;
}

/** An attempt gives up long before: what is older and named by nothing will never be named. */
const orphanAgeMs = 60 * 60_000;

/**
 * Walks the table and removes what writers left behind that lost a race or died: ledger entries that no head reaches and chunks
 * that no STATE names, when they were written more than an hour ago. May run beside writers, and again at any time.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable; `STORE_CORRUPT`, not retryable.
 */
export const auditCustomers = async (options: AuditOptions, tenant: TenantId): Promise<Audited> => {
  const store = openTable(options.client, options.table);
  const before = options.wallNow() - orphanAgeMs;
  let found: Audited = { customers: 0, links: 0, bodies: 0, chunks: 0 };
  // the items of a partition follow each other
  let open: Partition | undefined;
  const close = async (): Promise<void> => {
    if (open !== undefined) found = sumOf(found, await auditPartition(store, open, before));
  };
  for await (const page of pagesOf(store, tenant)) {
    for (const item of page) {
      const name = item[table.partitionKey]?.S ?? '';
      if (open?.name !== name) {
        await close();
        open = { name, hasOldItems: false };
      }
      if (Number(item['writtenAt']?.N ?? Number.POSITIVE_INFINITY) < before) open.hasOldItems = true;
    }
    options.onProgress?.(found);
  }
  await close();
  return found;
};

interface Partition {
  readonly name: string;
  hasOldItems: boolean;
}

const pagesOf = async function* (
  { client, name }: Table,
  tenant: TenantId,
): AsyncGenerator<readonly Item[], void, undefined> {
  let from: Item | undefined;
  do {
    const command = new ScanCommand({
      TableName: name,
      ProjectionExpression: '#pk, #written',
      FilterExpression: 'begins_with(#pk, :customers)',
      ExpressionAttributeNames: { '#pk': table.partitionKey, '#written': 'writtenAt' },
      ExpressionAttributeValues: { ':customers': { S: customersPrefix(tenant) } },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const { Items, LastEvaluatedKey } = await answered('walk the customers', () => client.send(command));
    yield Items ?? [];
    from = LastEvaluatedKey;
  } while (from !== undefined);
};

const sumOf = (a: Audited, b: Audited): Audited => ({
  customers: a.customers + b.customers,
  links: a.links + b.links,
  bodies: a.bodies + b.bodies,
  chunks: a.chunks + b.chunks,
});

const common = { [table.sortKey]: storedText, writtenAt: storedNumber };
const hex = storedBytes.transform((bytes) => Buffer.from(bytes).toString('hex'));
const Chunk = z.object(common);
const Body = z.object({ ...common, hash: hex });
const Link = z.object({ ...common, hash: hex, previous: hex });

const auditPartition = async (store: Table, { name, hasOldItems }: Partition, before: number): Promise<Audited> => {
  if (!hasOldItems) return { customers: 1, links: 0, bodies: 0, chunks: 0 };
  // the head before the entries: all that it reaches was there before it
  const [item] = await getAll(store, [keyOf(name, stateSortKey)]);
  const state = item === undefined ? undefined : stateOfItem(item);
  const read = async <T>(what: string, schema: z.ZodType<T>, prefix: string): Promise<readonly T[]> =>
    (await withPrefix(store, name, prefix)).map((one) => readItem(what, schema, one));
  const links = await read('ledger entry', Link, linkPrefix);
  const bodies = await read('ledger body', Body, bodyPrefix);
  const chunks = await read('chunk', Chunk, chunkPrefix);

  const reached = new Set(chainTo(state?.state.ledger.hash ?? '', links).map(({ hash }) => hash));
  const names = state?.place.kind === 'chunks' ? state.place.names : [];
  const isNamed = sortKeysOfChunks(names);
  const isOld = ({ writtenAt }: { readonly writtenAt: number }): boolean => writtenAt < before;
  const orphans = {
    links: unreached(links, reached).filter(isOld),
    bodies: unreached(bodies, reached).filter(isOld),
    chunks: chunks.filter((chunk) => isOld(chunk) && !isNamed(chunk[table.sortKey])),
  };
  const all = [...orphans.links, ...orphans.bodies, ...orphans.chunks];
  await deleteAll(
    store,
    all.map((orphan) => keyOf(name, orphan[table.sortKey])),
  );
  return {
    customers: 1,
    links: orphans.links.length,
    bodies: orphans.bodies.length,
    chunks: orphans.chunks.length,
  };
};

/** An entry that two attempts wrote stays once: the newer, in case the older is still being taken away. */
const unreached = <T extends { readonly hash: string; readonly writtenAt: number }>(
  items: readonly T[],
  reached: ReadonlySet<string>,
): readonly T[] => {
  const newest = new Map<string, T>();
  for (const item of items) {
    const known = newest.get(item.hash);
    if (known === undefined || item.writtenAt > known.writtenAt) newest.set(item.hash, item);
  }
  return items.filter((item) => !reached.has(item.hash) || newest.get(item.hash) !== item);
};
