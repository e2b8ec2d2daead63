import * as z from 'zod';
import { table } from '../../definitions/table.ts';
import { Hint } from '../../domain/hint.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import { groupedBy } from './table/grouped-by.ts';
import { keyOf, shardOf } from './table/keys.ts';
import type { Item } from './table/requests.ts';
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
} from './table/stored-attributes.ts';

/** Heads sort by age within their shard, apart from the parts that hold the hints. */
export const headPrefix = 'SPILL#';

const Head = z.object({
  [table.sortKey]: storedText,
  parts: storedNumber,
  counts: storedJson(z.record(z.string(), z.int())),
  claimableAt: storedNumber,
});

/** What is told of a delivery without reading its hints. */
export interface SpillHead {
  readonly id: string;
  readonly parts: number;
  /** Hints by connection. */
  readonly counts: Readonly<Record<string, number>>;
  readonly claimableAt: Instant;
}

/** A transaction takes 4 MB. */
const mostParts = 40;

/** The instant goes first, so that ids sort by age. */
export const spillIdOf = (wallNow: Instant, uuid: string): string => `${String(wallNow).padStart(15, '0')}#${uuid}`;

export const headKey = (tenant: TenantId, id: string): Item =>
  keyOf(shardOf('spill', tenant, id), `${headPrefix}${id}`);

export const partKeysOf = (tenant: TenantId, id: string, parts: number): readonly Item[] =>
  Array.from({ length: parts }, (_, part) => keyOf(shardOf('spill', tenant, id), `PART#${id}#${partName(part)}`));

const partName = (part: number): string => String(part).padStart(3, '0');

/**
 * All items of a delivery, its head first.
 *
 * @throws {PipelineError} `STORE_FULL`, not retryable, over 3.6 MB deflated: many times what an entrance takes.
 */
export const itemsOfDelivery = (
  tenant: TenantId,
  id: string,
  { hints, wallNow }: { readonly hints: readonly Hint[]; readonly wallNow: Instant },
): readonly Item[] => {
  const slices = slicesOf(deflateJson(hints));
  if (slices.length > mostParts)
    throw new PipelineError('STORE_FULL', 'a delivery is larger than the spill takes', { retryable: false });
  const counts = Object.fromEntries(
    [...groupedBy(hints, ({ connection }) => connection)].map(([connection, own]) => [connection, own.length]),
  );
  const head = {
    ...headKey(tenant, id),
    parts: { N: String(slices.length) },
    counts: { S: JSON.stringify(counts) },
    claimableAt: { N: String(wallNow) },
  };
  const keys = partKeysOf(tenant, id, slices.length);
  return [head, ...slices.map((bytes, part) => ({ ...keys[part], bytes: { B: bytes } }))];
};

export const headOf = (item: Item): SpillHead => {
  const { [table.sortKey]: sort, parts, counts, claimableAt } = readItem('spilled delivery', Head, item);
  return { id: sort.slice(headPrefix.length), parts, counts, claimableAt };
};

const Part = z.object({ [table.sortKey]: storedText, bytes: storedBytes });
const Hints = z.array(Hint);

/** `items`: all parts of one delivery, in any order. */
export const hintsIn = (items: readonly Item[]): readonly Hint[] => {
  const parts = items.map((item) => readItem('spilled delivery', Part, item));
  parts.sort((a, b) => (a[table.sortKey] < b[table.sortKey] ? -1 : 1));
  try {
    return inflateJson(Hints, Buffer.concat(parts.map(({ bytes }) => bytes)));
  } catch (cause) {
    throw corruptItem('spilled delivery', cause);
  }
};
