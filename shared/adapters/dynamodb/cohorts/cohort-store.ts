import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CohortStore } from '../../../ports/cohort-store.ts';
import { openTable } from '../table/requests.ts';
import { applyMoves } from './apply-moves.ts';
import { listCohorts, register } from './cohort-directory.ts';
import { dropCohort } from './drop-cohort.ts';
import { findHeads, putHead } from './head-item.ts';
import { keyOfPlace, readPlaces } from './place-item.ts';
import { readRows } from './read-rows.ts';

export interface CohortStoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/**
 * Cohorts in one DynamoDB table (`definitions/table.ts`). Rows of a cohort are spread over partitions by the octave of their
 * score; a directory tells which of them have any.
 */
export const dynamoDbCohortStore = ({ client, table }: CohortStoreOptions): CohortStore => {
  const store = openTable(client, table);
  return {
    findHeads: (tenant, cohorts) => findHeads(store, tenant, cohorts),
    putHead: async (tenant, head) => {
      if (head.revision === 1) await register(store, tenant, head.cohort);
      return putHead(store, tenant, head);
    },
    findPlaces: async (tenant, cohort, customers) => {
      const places = await readPlaces(store, tenant, cohort, customers);
      return new Map(
        [...places].map(([customer, place]) => [customer, { key: keyOfPlace(place), version: place.version }]),
      );
    },
    applyMoves: (tenant, cohort, moves) => applyMoves(store, tenant, cohort, moves),
    readRows: (tenant, cohort, range) => readRows(store, tenant, cohort, range),
    listCohorts: (tenant, after, limit) => listCohorts(store, tenant, after, limit),
    dropCohort: (tenant, cohort, limit) => dropCohort(store, tenant, cohort, limit),
  };
};
