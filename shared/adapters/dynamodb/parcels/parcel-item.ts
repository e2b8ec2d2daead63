import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { keyOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  corruptItem,
  deflateJson,
  inflateJson,
  readItem,
  slicesOf,
  storedBytes,
  storedJson,
  storedNumber,
  storedText,
} from '../table/stored-attributes.ts';

/**
 * One kind of parcels: something of any size that waits to be fetched. A parcel is a small head and its deflated content in parts,
 * all in one partition.
 */
export interface ParcelKind<T> {
  /** What one is called in failures. */
  readonly what: string;
  /** Heads sort by their ids within a partition, apart from the parts. */
  readonly headPrefix: string;
  readonly content: z.ZodType<T>;
  readonly partitions: readonly string[];
  partitionOf(id: string): string;
}

const Head = z.object({
  [table.sortKey]: storedText,
  parts: storedNumber,
  counts: storedJson(z.record(z.string(), z.int())),
  claimableAt: storedNumber,
});

/** What is told of a parcel without reading its content. */
export interface ParcelHead {
  readonly id: string;
  readonly parts: number;
  /** How much of what is in it. */
  readonly counts: Readonly<Record<string, number>>;
  readonly claimableAt: Instant;
}

export interface Parcel<T> {
  readonly id: string;
  readonly content: T;
  readonly counts: Readonly<Record<string, number>>;
  /** It may be claimed from then on. */
  readonly wallNow: Instant;
}

/** A transaction takes 4 MB. */
const mostParts = 40;

export const headKey = <T>(kind: ParcelKind<T>, id: string): Item =>
  keyOf(kind.partitionOf(id), `${kind.headPrefix}${id}`);

export const partKeysOf = <T>(kind: ParcelKind<T>, id: string, parts: number): readonly Item[] =>
  Array.from({ length: parts }, (_, part) => keyOf(kind.partitionOf(id), `PART#${id}#${partName(part)}`));

const partName = (part: number): string => String(part).padStart(3, '0');

/**
 * All items of a parcel, its head first.
 *
 * @throws {PipelineError} `STORE_FULL`, not retryable, over 3.6 MB deflated.
 */
export const itemsOfParcel = <T>(kind: ParcelKind<T>, { id, content, counts, wallNow }: Parcel<T>): readonly Item[] => {
  const slices = slicesOf(deflateJson(content));
  if (slices.length > mostParts)
    throw new PipelineError('STORE_FULL', `a ${kind.what} is larger than the table takes`, { retryable: false });
  const head = {
    ...headKey(kind, id),
    parts: { N: String(slices.length) },
    counts: { S: JSON.stringify(counts) },
    claimableAt: { N: String(wallNow) },
  };
  const keys = partKeysOf(kind, id, slices.length);
  return [head, ...slices.map((bytes, part) => ({ ...keys[part], bytes: { B: bytes } }))];
};

export const headOf = <T>(kind: ParcelKind<T>, item: Item): ParcelHead => {
  const { [table.sortKey]: sort, parts, counts, claimableAt } = readItem(kind.what, Head, item);
  return { id: sort.slice(kind.headPrefix.length), parts, counts, claimableAt };
};

const Part = z.object({ [table.sortKey]: storedText, bytes: storedBytes });

/** `items`: all parts of one parcel, in any order. */
export const contentIn = <T>(kind: ParcelKind<T>, items: readonly Item[]): T => {
  const parts = items.map((item) => readItem(kind.what, Part, item));
  parts.sort((a, b) => (a[table.sortKey] < b[table.sortKey] ? -1 : 1));
  try {
    return inflateJson(kind.content, Buffer.concat(parts.map(({ bytes }) => bytes)));
  } catch (cause) {
    throw corruptItem(kind.what, cause);
  }
};
