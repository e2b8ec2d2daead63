import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { limits } from '../../definitions/limits.ts';
import { type Topic, topics } from '../../definitions/topics.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Relay, RelayedBatch } from '../../ports/relay.ts';
import type { Outgoing } from '../../ports/stream.ts';
import type { ParcelHead, ParcelKind } from './parcels/parcel-item.ts';
import { openParcels, type Parcels } from './parcels/parcels.ts';
import { partitionOf } from './table/keys.ts';
import { openTable } from './table/requests.ts';

export interface DynamoDbRelayOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
  /** A new one with every call. */
  readonly uuid: () => string;
}

const Content = z.object({
  topic: z.enum(topics),
  records: z.array(z.object({ key: z.string(), value: z.string() })),
});
type Content = Readonly<z.infer<typeof Content>>;

/** Of one parcel: three bytes each at most, which a parcel takes even where nothing makes them shorter. */
const mostCharacters = 1_000_000;

/** Later than any clock shows: never handed out. */
const never = Number.MAX_SAFE_INTEGER;

/** A batch is a parcel; all of a tenant are in one partition, in the order in which they were put. */
export const dynamoDbRelay = ({ client, table, tenant, uuid }: DynamoDbRelayOptions): Relay => {
  const parcels = openParcels(openTable(client, table), kindOf(tenant));
  const nextId = openIds(uuid);
  const setAside = async (ids: readonly string[]): Promise<void> => {
    for (const id of ids) await parcels.putOff(id, never);
  };
  return {
    put: async (topic, records, wallNow) => {
      for (const part of inParts(records)) {
        const content = { topic, records: part.map(({ key, value }) => ({ key, value })) };
        await parcels.put({ id: nextId(wallNow), content, counts: { [topic]: part.length }, wallNow });
      }
    },
    claim: async (wallNow, limit) => {
      const claimed = await claimFirst(parcels, wallNow, limit);
      const batches: RelayedBatch[] = [];
      for (const head of claimed) {
        const content = await openOr(parcels, head, () => setAside([head.id]));
        if (content !== undefined) batches.push({ id: head.id, ...content });
      }
      return batches;
    },
    remove: (ids) => parcels.remove(ids),
    setAside,
    count: async () => {
      const counts = new Map<Topic, number>();
      for (const head of await parcels.readHeads())
        for (const topic of Object.values(topics)) {
          const own = head.counts[topic] ?? 0;
          if (own > 0) counts.set(topic, (counts.get(topic) ?? 0) + own);
        }
      return counts;
    },
  };
};

const kindOf = (tenant: TenantId): ParcelKind<Content> => {
  const partition = partitionOf('relay', tenant, '');
  return {
    what: 'relayed batch',
    headPrefix: 'RELAY#',
    content: Content,
    partitions: [partition],
    partitionOf: () => partition,
  };
};

/** A thousand places a millisecond, so that what one process puts keeps its order whatever its clock does. */
const placesPerMs = 1_000;

const openIds = (uuid: () => string): ((wallNow: Instant) => string) => {
  let last = 0;
  return (wallNow) => {
    last = Math.max(last + 1, wallNow * placesPerMs);
    return `${String(last).padStart(18, '0')}#${uuid()}`;
  };
};

/** The first ones that nobody has; it ends where somebody has one, since what follows must not overtake it. */
const claimFirst = async (
  parcels: Parcels<Content>,
  wallNow: Instant,
  limit: number,
): Promise<readonly ParcelHead[]> => {
  const heads = await parcels.readHeads({ claimableBy: never - 1, most: limit });
  const claimed: ParcelHead[] = [];
  for (const head of heads.slice(0, limit)) {
    if (head.claimableAt > wallNow || !(await parcels.claim(head, wallNow + limits.relayClaimMs))) break;
    claimed.push(head);
  }
  return claimed;
};

/** What cannot be read would keep all others back for ever. */
const openOr = async (
  parcels: Parcels<Content>,
  head: ParcelHead,
  onCorrupt: () => Promise<void>,
): Promise<Content | undefined> => {
  try {
    return await parcels.open(head);
  } catch (error) {
    if (error instanceof PipelineError && error.code === 'STORE_CORRUPT') await onCorrupt();
    throw error;
  }
};

const inParts = (records: readonly Outgoing[]): readonly (readonly Outgoing[])[] => {
  const parts: Outgoing[][] = [];
  let room = 0;
  for (const record of records) {
    const { length } = record.value;
    if (length > room || parts.length === 0) {
      parts.push([]);
      room = mostCharacters;
    }
    parts.at(-1)?.push(record);
    room -= length;
  }
  return parts;
};
