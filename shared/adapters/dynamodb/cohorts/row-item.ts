import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { CohortId } from '../../../domain/cohort.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { RankKey } from '../../../domain/rank-key.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import { readItem, storedText } from '../table/stored-attributes.ts';

/**
 * `<rank key> <version>`: a member in its order, put there by this version of its state. No two moves name the same row, so a
 * writer who comes late can neither take away nor put back what another has written since.
 */
export const RowName = z.string().regex(/^[\x21-\x7d]{3,} [1-9]\d*$/);
export type RowName = z.infer<typeof RowName>;

/** Sorts before everything that a key is made of: rows stand in the order of their keys. */
const divider = ' ';
/** Sorts after every version. */
const anyVersion = '~';
const prefix = 'ROW#';

export const rowNameOf = (key: RankKey, version: number): RowName => `${key}${divider}${version}`;

export const keyOfRow = (row: RowName): RankKey => row.slice(0, row.indexOf(divider));

/** Sign and exponent of the score: an octave of scores shares a partition, and shards follow each other as their keys do. */
const shardDigits = 3;

export type RankShard = string;

/** Undefined for the beginning of a key that is too short to tell. */
export const shardOfKey = (key: RankKey): RankShard | undefined =>
  key.length < shardDigits ? undefined : key.slice(0, shardDigits);

/** Whether a shard may hold keys after the one and up to the other. */
export const isShardWithin = (shard: RankShard, after: RankKey, upTo: RankKey): boolean =>
  shard >= after.slice(0, shardDigits) && shard <= upTo.slice(0, shardDigits);

export const rankPartition = (tenant: TenantId, cohort: CohortId, shard: RankShard): string =>
  partitionOf('rank', tenant, `${shard}#${cohort}`);

/** The item of a row is its key alone. */
export const rowItem = (tenant: TenantId, cohort: CohortId, row: RowName): Item =>
  keyOf(rankPartition(tenant, cohort, row.slice(0, shardDigits)), `${prefix}${row}`);

/** Sort keys between which the rows stand whose keys are after the one and not after the other. */
export const rowBounds = (after: RankKey, upTo: RankKey): readonly [from: string, to: string] => [
  `${prefix}${after}${divider}${anyVersion}`,
  `${prefix}${upTo}${divider}${anyVersion}`,
];

const RowItem = z.object({
  [table.sortKey]: storedText.transform((sort) => sort.slice(prefix.length)).pipe(RowName),
});

/** @throws {PipelineError} `STORE_CORRUPT`, not retryable, when the item is not what this store writes. */
export const rowOfItem = (item: Item): RowName => readItem('rank row', RowItem, item)[table.sortKey];
