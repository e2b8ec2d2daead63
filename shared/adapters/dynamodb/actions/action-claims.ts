import { limits } from '../../../definitions/limits.ts';
import { table } from '../../../definitions/table.ts';
import { CustomerId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { ActionDue, Clocks } from '../../../ports/action-store.ts';
import { updateIf } from '../table/conditions.ts';
import { type Indexed, keysInIndex } from '../table/index-keys.ts';
import { nameInPartition, shardOf, shardsOf } from '../table/keys.ts';
import { type Item, sideBySide } from '../table/requests.ts';
import { mayBeServed, readChannels } from './delivery-channels.ts';
import { byDue, headOf, type LaneEntry } from './delivery-lane.ts';
import { laneOfItem, never } from './delivery-lane-item.ts';
import type { ActionTable } from './delivery-revision.ts';

/** Claims in flight of one call. */
const width = 25;
const { due, unpublished } = table.indexes;

/** Names customers, windows first, and claims what it names: in the indexes it stands elsewhere until the claim ends. */
export const claimDueActions = async (
  store: ActionTable,
  now: Clocks,
  limit: number,
): Promise<readonly ActionDue[]> => {
  const ended = await claimWindows(store, now, limit);
  const [lanes] = await Promise.allSettled([
    ended.length < limit ? claimLanes(store, now.wall, limit - ended.length) : Promise.resolve([]),
  ]);
  // what was claimed before is not lost by a failure now
  if (lanes.status === 'rejected' && ended.length === 0) throw lanes.reason;
  const waiting = lanes.status === 'fulfilled' ? lanes.value : [];
  return [...new Set([...ended, ...waiting])].map((customer) => ({
    customer: CustomerId.parse(customer),
    asOf: now.business,
  }));
};

/** What was claimed. A claim that fails is one for the next time, as long as others went through: those must not be lost. */
const claimEach = async <T>(
  candidates: readonly T[],
  claim: (candidate: T) => Promise<Item | undefined>,
): Promise<readonly Item[]> => {
  const outcomes = await sideBySide(candidates, width, async (candidate) => {
    const [outcome] = await Promise.allSettled([claim(candidate)]);
    return outcome;
  });
  const claimed = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' && outcome.value !== undefined ? [outcome.value] : [],
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (claimed.length === 0 && failed !== undefined) throw failed.reason;
  return claimed;
};

/** In `due` by business time; once claimed in `unpublished` by the wall-clock end of the claim. */
const claimWindows = async (store: ActionTable, now: Clocks, limit: number): Promise<readonly string[]> => {
  const shards = shardsOf('action', store.tenant);
  const [open, expired] = await Promise.all([
    keysInIndex(store, due, { shards, until: now.business, limit }),
    keysInIndex(store, unpublished, { shards, until: now.wall, limit }),
  ]);
  const candidates = [
    ...expired.map((entry) => ({ entry, claim: claimAgain })),
    ...open.map((entry) => ({ entry, claim: claimFirst })),
  ].slice(0, limit);
  const claimed = await claimEach(candidates, ({ entry, claim }) => claim(store, entry, now));
  return [...claimed].sort((a, b) => Number(a['due']?.N) - Number(b['due']?.N)).map(customerOfKey);
};

const customerOfKey = (key: Item): string => nameInPartition(key[table.partitionKey]?.S ?? '');

const actionShardOf = (store: ActionTable, key: Item): string => shardOf('action', store.tenant, customerOfKey(key));

const claimFirst = (store: ActionTable, { key, at }: Indexed, { wall }: Clocks): Promise<Item | undefined> =>
  updateIf(store, key, {
    UpdateExpression: 'SET #claimedBy = :shard, #until = :until REMOVE #dueShard, #at',
    ConditionExpression: '#at = :seen',
    ExpressionAttributeNames: {
      '#claimedBy': unpublished.partitionKey,
      '#until': unpublished.sortKey,
      '#dueShard': due.partitionKey,
      '#at': due.sortKey,
    },
    ExpressionAttributeValues: {
      ':shard': { S: actionShardOf(store, key) },
      ':until': { N: String(wall + limits.dueClaimMs) },
      ':seen': { N: String(at) },
    },
  });

const claimAgain = (store: ActionTable, { key, at }: Indexed, { wall }: Clocks): Promise<Item | undefined> =>
  updateIf(store, key, {
    UpdateExpression: 'SET #until = :until',
    ConditionExpression: '#until = :seen',
    ExpressionAttributeNames: { '#until': unpublished.sortKey },
    ExpressionAttributeValues: { ':until': { N: String(wall + limits.dueClaimMs) }, ':seen': { N: String(at) } },
  });

/** The other way round: claims of windows that end by then are given up. */
export const giveWindowsUp = async (store: ActionTable, until: Instant): Promise<void> => {
  const shards = shardsOf('action', store.tenant);
  const claimed = await keysInIndex(store, unpublished, { shards, until });
  await sideBySide(claimed, width, ({ key, at }) =>
    updateIf(store, key, {
      UpdateExpression: 'SET #dueShard = :shard, #at = #due REMOVE #claimedBy, #until',
      ConditionExpression: '#until = :seen',
      ExpressionAttributeNames: {
        '#claimedBy': unpublished.partitionKey,
        '#until': unpublished.sortKey,
        '#dueShard': due.partitionKey,
        '#at': due.sortKey,
        '#due': 'due',
      },
      ExpressionAttributeValues: { ':shard': { S: actionShardOf(store, key) }, ':seen': { N: String(at) } },
    }),
  );
};

/** A claim is a new version of the lane: who read it before must not overwrite the claim. */
const claimLanes = async (store: ActionTable, wall: Instant, limit: number): Promise<readonly string[]> => {
  const served = (await readChannels(store)).filter((channel) => mayBeServed(channel, wall));
  const perChannel = await Promise.all(
    served.map(({ channel }) =>
      keysInIndex(store, due, { shards: shardsOf('delivery', store.tenant, channel), until: wall, limit }),
    ),
  );
  const candidates = perChannel
    .flat()
    .sort((a, b) => a.at - b.at)
    .slice(0, limit);
  const claimed = await claimEach(candidates, ({ key, at }) =>
    updateIf(store, key, {
      UpdateExpression: 'SET #at = :until, #claimed = :until ADD #version :one',
      // in flight it stands there by another instant
      ConditionExpression: '#at = :seen AND #since < :never',
      ExpressionAttributeNames: {
        '#at': due.sortKey,
        '#claimed': 'claimedUntil',
        '#version': 'version',
        '#since': unpublished.sortKey,
      },
      ExpressionAttributeValues: {
        ':until': { N: String(wall + limits.dueClaimMs) },
        ':seen': { N: String(at) },
        ':one': { N: '1' },
        ':never': { N: String(never) },
      },
    }),
  );
  return claimed
    .flatMap(dueHeadOf)
    .sort((a, b) => byDue(a.head, b.head))
    .map(({ customer }) => customer);
};

const dueHeadOf = (item: Item): readonly { readonly head: LaneEntry; readonly customer: string }[] => {
  const lane = laneOfItem(item);
  const head = headOf(lane);
  return head === undefined ? [] : [{ head, customer: head.customer ?? nameInPartition(lane.partition) }];
};
