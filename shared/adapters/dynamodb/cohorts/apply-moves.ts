import type { WriteRequest } from '@aws-sdk/client-dynamodb';
import type { CohortId } from '../../../domain/cohort.ts';
import type { NetMove } from '../../../domain/cohort-head.ts';
import type { TenantId } from '../../../domain/ids.ts';
import { sideBySide, type Table, writeAll } from '../table/requests.ts';
import { addShards, readShards } from './cohort-directory.ts';
import { movePlace, type StoredPlace } from './place-item.ts';
import { rowItem, shardOfKey } from './row-item.ts';

/** Requests in flight of one call. */
const placesAtOnce = 25;
const pagesAtOnce = 8;
const rowsPerPage = 25;

/**
 * Places first, then rows. A place names the row that counts and the one before it: so a crash in between leaves rows missing
 * and standing over, the repeat finds in the place what they are, and a row that no place names may be deleted by whoever
 * meets it. Three write units a move: place, new row, old row.
 */
export const applyMoves = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  moves: readonly NetMove[],
): Promise<void> => {
  await coverShards(store, tenant, cohort, moves);
  const places = await sideBySide(moves, placesAtOnce, (move) => movePlace(store, tenant, cohort, move));
  const requests = places.flatMap((place) => (place === undefined ? [] : rowsOf(tenant, cohort, place)));
  const pages = Array.from({ length: Math.ceil(requests.length / rowsPerPage) }, (_, page) =>
    requests.slice(page * rowsPerPage, (page + 1) * rowsPerPage),
  );
  await sideBySide(pages, pagesAtOnce, (page) => writeAll(store, page));
};

const coverShards = async (
  store: Table,
  tenant: TenantId,
  cohort: CohortId,
  moves: readonly NetMove[],
): Promise<void> => {
  const needed = new Set(moves.flatMap(({ key }) => (key === null ? [] : (shardOfKey(key) ?? []))));
  if (needed.size === 0) return;
  const known = new Set(await readShards(store, tenant, cohort));
  const missing = [...needed].filter((shard) => !known.has(shard));
  if (missing.length > 0) await addShards(store, tenant, cohort, missing);
};

/** The same however often it is asked. */
const rowsOf = (tenant: TenantId, cohort: CohortId, { row, was }: StoredPlace): readonly WriteRequest[] => [
  ...(row === undefined ? [] : [{ PutRequest: { Item: rowItem(tenant, cohort, row) } }]),
  ...(was === undefined ? [] : [{ DeleteRequest: { Key: rowItem(tenant, cohort, was) } }]),
];
