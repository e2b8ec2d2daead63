import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { keyOf, shardOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  deflateJson,
  inflateJson,
  mostPartBytes,
  readItem,
  storedBytes,
  storedNumber,
  storedText,
} from '../table/stored-attributes.ts';
import {
  headOf,
  inFlightOf,
  instantOf,
  type Lane,
  LaneBody,
  type LaneRef,
  laneNameOf,
  waitsSince,
} from './delivery-lane.ts';

const { due, unpublished } = table.indexes;

/** A LANE item as it is stored. `claimedUntil` is what a claim left on the head since the body was written. */
const LaneItem = z.object({
  [table.partitionKey]: storedText,
  [table.sortKey]: storedText,
  channel: storedText,
  version: storedNumber,
  body: storedBytes.transform((bytes) => inflateJson(LaneBody, bytes)),
  claimedUntil: storedNumber.optional(),
});

/** Finished deliveries and what belongs to them may go after this. */
export const keptMs = 90 * 86_400_000;

/** Stands for no instant in an index: found by those who look for all. */
export const never: Instant = Number.MAX_SAFE_INTEGER;

export const laneKey = ({ partition, sort }: Pick<LaneRef, 'partition' | 'sort'>): Item => keyOf(partition, sort);

/**
 * The index `due` has a lane by the instant at which a claim of due ones may name it, in the channel's shards; while one is in
 * flight, by when that began, in the shards of no channel. The index `unpublished` has every lane that is not empty, in the
 * channel's shards, by the instant at which its head may be sent.
 */
const indexedAs = (tenant: TenantId, lane: Lane): Item => {
  const flying = inFlightOf(lane);
  const head = headOf(lane);
  const channelShard = { S: shardOf('delivery', tenant, laneNameOf(lane), lane.channel) };
  if (flying !== undefined)
    return {
      [due.partitionKey]: { S: shardOf('delivery', tenant, laneNameOf(lane)) },
      [due.sortKey]: { N: String(flying.sentAt) },
      [unpublished.partitionKey]: channelShard,
      [unpublished.sortKey]: { N: String(never) },
    };
  if (head === undefined) return {};
  return {
    [due.partitionKey]: channelShard,
    [due.sortKey]: { N: String(Math.max(head.dueAt, head.claimedUntil ?? 0)) },
    [unpublished.partitionKey]: channelShard,
    [unpublished.sortKey]: { N: String(waitsSince(head)) },
  };
};

/** @throws {PipelineError} `STORE_FULL`, not retryable: thousands wait in one lane. */
export const itemOfLane = (tenant: TenantId, lane: Lane): Item => {
  const { open, held, newest, last } = lane;
  const body = deflateJson({ open, held, newest, last });
  if (body.length > mostPartBytes)
    throw new PipelineError('STORE_FULL', `too much waits for ${lane.channel} in one lane`, { retryable: false });
  // who has a grade written is remembered: a late release of an old one must not overwrite it
  const isForgettable = open.length === 0 && held.length === 0 && Object.keys(newest).length === 0;
  return {
    ...laneKey(lane),
    channel: { S: lane.channel },
    version: { N: String(lane.version) },
    body: { B: body },
    ...indexedAs(tenant, lane),
    ...(isForgettable ? { [table.timeToLive]: { N: String(Math.ceil((instantOf(last) + keptMs) / 1_000)) } } : {}),
  };
};

export const laneOfItem = (item: Item): Lane => {
  const { body, channel, version, claimedUntil, ...keys } = readItem('lane of deliveries', LaneItem, item);
  const [head, ...behind] = body.open;
  const open = head === undefined || claimedUntil === undefined ? body.open : [{ ...head, claimedUntil }, ...behind];
  return { ...body, open, partition: keys[table.partitionKey], sort: keys[table.sortKey], channel, version };
};
