import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { ComingRanks, type CustomerState, HeldGrade } from '../../../domain/customer-state.ts';
import { Hold } from '../../../domain/hold.ts';
import { CustomerId, TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { Merges } from '../../../domain/merge.ts';
import { Pending } from '../../../domain/pending.ts';
import { keyOf, nameInPartition, partitionOf, shardOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  deflateJson,
  inflateJson,
  readItem,
  storedBytes,
  storedJson,
  storedNumber,
  storedText,
} from '../table/stored-attributes.ts';

/** Where a STATE has its records: packed in itself, or in chunks beside it, which it names in order. */
export type RecordsPlace =
  | { readonly kind: 'inside'; readonly packed: Uint8Array }
  | { readonly kind: 'chunks'; readonly names: readonly string[] };

/** What a STATE item says. */
export interface StoredState {
  readonly state: Omit<CustomerState, 'records'>;
  readonly place: RecordsPlace;
  /** Where it stands in the index of due customers: never later than `due`, but for a claim. */
  readonly claimableAt: Instant | undefined;
  /** Names the attempt that put it, so that a writer knows its own put again. Hex. */
  readonly attempt: string;
}

/** Of a chunk's name. */
export const nameBytes = 6;

const hex = storedBytes.transform((bytes) => Buffer.from(bytes).toString('hex'));
const Grades = z.record(z.string(), HeldGrade);
const Manual = z.object({ hold: Hold.optional(), commands: z.array(z.string()).optional() });
const PendingList = z.array(Pending);

/** A STATE item as it is stored. Hex is kept as bytes: every byte of this item is written with every event. */
const StateItem = z
  .object({
    [table.partitionKey]: storedText.transform(customerInPartition),
    version: storedNumber,
    decidedAt: storedNumber,
    due: storedNumber.optional(),
    [table.indexes.due.sortKey]: storedNumber.optional(),
    records: storedBytes.optional(),
    chunks: storedBytes.optional(),
    attempt: hex,
    grades: storedJson(Grades),
    epoch: storedNumber.optional(),
    /** While an epoch is being built. */
    coming: storedJson(ComingRanks).optional(),
    /** What persons set, absent for most. */
    manual: storedJson(Manual).optional(),
    /** Absent for most. */
    merges: storedJson(Merges).optional(),
    ledgerKey: hex,
    ledgerSeq: storedNumber,
    ledgerHash: hex,
    pending: storedBytes.transform((bytes) => inflateJson(PendingList, bytes)).optional(),
  })
  .refine(({ records, chunks }) => (records === undefined) !== (chunks === undefined), 'records stand in one place');

export const stateSortKey = 'STATE';

export const customerPartition = (tenant: TenantId, customer: CustomerId): string =>
  partitionOf('customer', tenant, customer);

/** What stands before every customer of a tenant. */
export const customersPrefix = (tenant: TenantId): string => partitionOf('customer', tenant, '');

function customerInPartition(partition: string): { readonly tenant: TenantId; readonly customer: CustomerId } {
  return { tenant: TenantId.parse(partition.split('#')[1]), customer: CustomerId.parse(nameInPartition(partition)) };
}

export const customerOfKey = (key: Item): CustomerId =>
  CustomerId.parse(nameInPartition(key[table.partitionKey]?.S ?? ''));

export const stateKey = (tenant: TenantId, customer: CustomerId): Item =>
  keyOf(customerPartition(tenant, customer), stateSortKey);

/** The item without its records. */
export const itemOfState = ({ state, place, claimableAt, attempt }: StoredState): Item => {
  const { tenant, customer, due, pending, ledger, epoch, coming, hold, commands, merges } = state;
  const { due: dueIndex, unpublished } = table.indexes;
  const shard = { S: shardOf('customer', tenant, customer) };
  const owed = pending[0];
  return {
    ...stateKey(tenant, customer),
    version: { N: String(state.version) },
    decidedAt: { N: String(state.decidedAt) },
    ...(place.kind === 'inside'
      ? { records: { B: place.packed } }
      : { chunks: { B: Buffer.from(place.names.join(''), 'hex') } }),
    attempt: { B: Buffer.from(attempt, 'hex') },
    grades: { S: JSON.stringify(state.grades) },
    ...(epoch === undefined ? {} : { epoch: { N: String(epoch) } }),
    ...(coming === undefined ? {} : { coming: { S: JSON.stringify(coming) } }),
    ...(hold === undefined && commands === undefined ? {} : { manual: { S: JSON.stringify({ hold, commands }) } }),
    ...(merges === undefined ? {} : { merges: { S: JSON.stringify(merges) } }),
    ledgerKey: { B: Buffer.from(state.ledgerKey, 'hex') },
    ledgerSeq: { N: String(ledger.seq) },
    ledgerHash: { B: Buffer.from(ledger.hash, 'hex') },
    ...(due === undefined
      ? {}
      : {
          due: { N: String(due) },
          [dueIndex.partitionKey]: shard,
          [dueIndex.sortKey]: { N: String(claimableAt ?? due) },
        }),
    ...(owed === undefined
      ? {}
      : {
          pending: { B: deflateJson(pending) },
          [unpublished.partitionKey]: shard,
          [unpublished.sortKey]: { N: String(owed.at) },
        }),
  };
};

/** @throws {PipelineError} `STORE_CORRUPT`, not retryable, when the item is not what this store writes. */
export const stateOfItem = (item: Item): StoredState => {
  const stored = readItem('customer', StateItem, item);
  const { due, records, chunks, pending, epoch, coming, manual, merges } = stored;
  return {
    state: {
      ...stored[table.partitionKey],
      version: stored.version,
      decidedAt: stored.decidedAt,
      grades: stored.grades,
      ...(epoch === undefined ? {} : { epoch }),
      ...(coming === undefined ? {} : { coming }),
      ...(manual?.hold === undefined ? {} : { hold: manual.hold }),
      ...(manual?.commands === undefined ? {} : { commands: manual.commands }),
      ...(merges === undefined ? {} : { merges }),
      ...(due === undefined ? {} : { due }),
      ledgerKey: stored.ledgerKey,
      ledger: { seq: stored.ledgerSeq, hash: stored.ledgerHash },
      pending: pending ?? [],
    },
    place: records === undefined ? { kind: 'chunks', names: namesIn(chunks) } : { kind: 'inside', packed: records },
    claimableAt: stored[table.indexes.due.sortKey],
    attempt: stored.attempt,
  };
};

const namesIn = (chunks: Uint8Array | undefined): readonly string[] =>
  Buffer.from(chunks ?? [])
    .toString('hex')
    .match(new RegExp(`.{${nameBytes * 2}}`, 'g')) ?? [];
