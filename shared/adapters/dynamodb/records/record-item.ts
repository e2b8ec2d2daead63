import { createHash } from 'node:crypto';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { CustomerId, type TenantId } from '../../../domain/ids.ts';
import { Pending } from '../../../domain/pending.ts';
import { RecordVersion, recordKeyOf } from '../../../domain/record.ts';
import type { RecordItem } from '../../../domain/record-item.ts';
import { keyOf, shardOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  corruptItem,
  deflateJson,
  inflateJson,
  readItem,
  slicesOf,
  storedBytes,
  storedNumber,
  storedText,
} from '../table/stored-attributes.ts';
import { partitionIn, recordItemKey, recordPartition, refInPartition } from './record-key.ts';

/** A RECORD item. `pending` stands in it, or, where that is large, in parts beside it that were written ahead. */
const Stored = z.object({
  version: storedNumber,
  item: storedBytes,
  pending: storedBytes.optional(),
  pendingParts: storedNumber.optional(),
  pendingDigest: storedText.optional(),
});

/** Object's length, customer, assignment, source, read, hash, deleted, recent deliveries. */
const Packed = z.tuple([
  z.int().min(1),
  CustomerId.nullable(),
  z.int(),
  z.int(),
  z.int(),
  z.string(),
  z.boolean(),
  z.array(z.string()).readonly(),
]);

const PendingList = z.array(Pending);

/** A longer pending list, packed, is kept beside its item: whoever looks at the item need not read it. */
const mostInline = 60_000;

/** What a put of a record takes. The parts have to be there before the item that names them. */
export interface RecordPut {
  readonly item: Item;
  readonly parts: readonly Item[];
}

/** `partsExpireAt`, in seconds: parts that a lost put or a crash leaves behind go by themselves. */
export const putOfRecord = (record: RecordItem, partsExpireAt: number): RecordPut => {
  const { tenant, customer, version, hash, deleted, recentDeliveries } = record;
  const key = recordKeyOf(record.record);
  const { assignment, source, read } = version;
  const objectLength = record.record.object.length;
  const packed: z.input<typeof Packed> = [
    objectLength,
    customer,
    assignment,
    source,
    read,
    hash,
    deleted,
    recentDeliveries,
  ];
  const owed = pendingOf(record, partsExpireAt);
  return {
    item: {
      ...recordItemKey(tenant, key),
      version: { N: String(record.itemVersion) },
      item: { B: deflateJson(packed) },
      ...owed.attributes,
    },
    parts: owed.parts,
  };
};

const pendingOf = (
  { tenant, record, pending }: RecordItem,
  partsExpireAt: number,
): { readonly attributes: Item; readonly parts: readonly Item[] } => {
  const first = pending[0];
  if (first === undefined) return { attributes: {}, parts: [] };
  const { partitionKey, sortKey } = table.indexes.unpublished;
  const key = recordKeyOf(record);
  const indexed = {
    [partitionKey]: { S: shardOf('record', tenant, key) },
    [sortKey]: { N: String(first.at) },
  };
  const bytes = deflateJson(pending);
  if (bytes.length <= mostInline) return { attributes: { ...indexed, pending: { B: bytes } }, parts: [] };
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 24);
  const slices = slicesOf(bytes);
  const keys = partKeys(recordPartition(tenant, key), digest, slices.length);
  return {
    attributes: { ...indexed, pendingParts: { N: String(slices.length) }, pendingDigest: { S: digest } },
    parts: slices.map((bytesOfPart, index) => ({
      ...keys[index],
      bytes: { B: bytesOfPart },
      [table.timeToLive]: { N: String(partsExpireAt) },
    })),
  };
};

const partKeys = (partition: string, digest: string, parts: number): readonly Item[] =>
  Array.from({ length: parts }, (_, index) => keyOf(partition, `PENDING#${digest}#${String(index).padStart(6, '0')}`));

/** Keys of the parts that an item, or what an update says it held, names. */
export const namedParts = (partition: string, item: Item): readonly Item[] => {
  const parts = item['pendingParts']?.N;
  const digest = item['pendingDigest']?.S;
  return parts === undefined || digest === undefined ? [] : partKeys(partition, digest, Number(parts));
};

const Part = z.object({ bytes: storedBytes });

/** `parts`: what {@link namedParts} led to, all of them and in order. */
export const recordOfItem = (tenant: TenantId, item: Item, parts: readonly Item[]): RecordItem => {
  const stored = readItem('record', Stored, item);
  const bytes =
    stored.pendingParts === undefined
      ? stored.pending
      : Buffer.concat(parts.map((part) => readItem('record', Part, part).bytes));
  try {
    const [objectLength, customer, assignment, source, read, hash, deleted, recentDeliveries] = inflateJson(
      Packed,
      stored.item,
    );
    return {
      tenant,
      record: refInPartition(partitionIn(item), objectLength),
      itemVersion: stored.version,
      customer,
      version: RecordVersion.parse({ assignment, source, read }),
      hash,
      deleted,
      recentDeliveries,
      pending: bytes === undefined ? [] : readPending(bytes),
    };
  } catch (cause) {
    throw corruptItem('record', cause);
  }
};

const readPending = (bytes: Uint8Array): readonly Pending[] => inflateJson(PendingList, bytes);
