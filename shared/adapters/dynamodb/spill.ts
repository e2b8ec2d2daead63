import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { limits } from '../../definitions/limits.ts';
import { Hint } from '../../domain/hint.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Spill, SpilledDelivery } from '../../ports/spill.ts';
import type { ParcelHead, ParcelKind } from './parcels/parcel-item.ts';
import { openParcels, type Parcels } from './parcels/parcels.ts';
import { groupedBy } from './table/grouped-by.ts';
import { shardOf, shardsOf } from './table/keys.ts';
import { openTable, sideBySide } from './table/requests.ts';

export interface DynamoDbSpillOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
  /** A new one with every call. */
  readonly uuid: () => string;
}

/** Requests in flight of one call. */
const width = 10;

const Hints = z.array(Hint);
type Hints = readonly Hint[];

/** A delivery is a parcel, in one of several partitions: they take a storm of webhooks. */
export const dynamoDbSpill = ({ client, table, tenant, uuid }: DynamoDbSpillOptions): Spill => {
  const parcels = openParcels(openTable(client, table), kindOf(tenant));
  return {
    put: async (hints, wallNow) => {
      if (hints.length === 0) return;
      await parcels.put({ id: spillIdOf(wallNow, uuid()), content: hints, counts: countsOf(hints), wallNow });
    },
    claim: async (wallNow, limit) => {
      const heads = await parcels.readHeads({ claimableBy: wallNow, most: limit });
      const oldest = heads.toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
      const claimed = await sideBySide(oldest, width, async (head) =>
        (await parcels.claim(head, wallNow + limits.spillClaimMs)) ? [head] : [],
      );
      return readDeliveries(parcels, claimed.flat());
    },
    remove: (ids) => parcels.remove(ids),
    count: async () => {
      const counts = new Map<string, number>();
      for (const head of await parcels.readHeads())
        for (const [connection, hints] of Object.entries(head.counts))
          counts.set(connection, (counts.get(connection) ?? 0) + hints);
      return counts;
    },
  };
};

const kindOf = (tenant: TenantId): ParcelKind<Hints> => ({
  what: 'spilled delivery',
  headPrefix: 'SPILL#',
  content: Hints,
  partitions: shardsOf('spill', tenant),
  partitionOf: (id) => shardOf('spill', tenant, id),
});

/** The instant goes first, so that ids sort by age. */
const spillIdOf = (wallNow: Instant, uuid: string): string => `${String(wallNow).padStart(15, '0')}#${uuid}`;

/** Hints by connection. */
const countsOf = (hints: Hints): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...groupedBy(hints, ({ connection }) => connection)].map(([connection, own]) => [connection, own.length]),
  );

/** One that cannot be read does not hold up the others; alone it says so. */
const readDeliveries = async (
  parcels: Parcels<Hints>,
  heads: readonly ParcelHead[],
): Promise<readonly SpilledDelivery[]> => {
  const failures: unknown[] = [];
  const read = await sideBySide(heads, width, async (head): Promise<SpilledDelivery[]> => {
    try {
      const hints = await parcels.open(head);
      return hints === undefined ? [] : [{ id: head.id, hints }];
    } catch (error) {
      failures.push(error);
      return [];
    }
  });
  const deliveries = read.flat();
  if (deliveries.length === 0 && failures.length > 0) throw failures[0];
  return deliveries;
};
