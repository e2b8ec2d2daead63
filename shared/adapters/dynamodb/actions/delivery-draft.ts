import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { Delivery } from '../../../domain/delivery.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { countAction, type Tally, tallied } from './delivery-counts.ts';
import { isFinished, itemOfDelivery, pointerOf } from './delivery-item.ts';
import {
  type Lane,
  laneNameOf,
  laneRefOf,
  outdatedOf,
  type Placed,
  withDelivery,
  withoutClaims,
} from './delivery-lane.ts';
import { itemOfLane } from './delivery-lane-item.ts';

/** Changes to deliveries and their lanes, collected until one transaction makes them. */
export interface Draft {
  readonly lanes: () => readonly Lane[];
  readonly find: (id: string) => Placed | undefined;
  /** A delivery that is known as it shall be from now on. */
  readonly put: (placed: Placed) => void;
  /** A new delivery, behind all others of its lane. False, and nothing done, where its id is known. */
  readonly add: (placed: Placed, claimedUntil?: Instant) => boolean;
  readonly giveClaimsUp: (lane: Lane, until: Instant) => void;
  /** Whether one more change still fits the transaction. */
  readonly hasRoom: () => boolean;
  readonly actions: () => readonly TransactWriteItem[];
  readonly changedLanes: () => readonly Lane[];
}

/** Left of the hundred for a further change: its delivery, pointer, lane, counter, and grades it takes the place of. */
const roomFrom = 86;

/** What waits in one lane beyond this is given up at once, visibly: a person may release it when the others are gone. */
const mostOpen = 2_000;

export interface Loaded {
  readonly lanes: readonly Lane[];
  readonly placed: readonly Placed[];
}

export const draftOf = (name: string, tenant: TenantId, loaded: Loaded): Draft => {
  const lanes = new Map(loaded.lanes.map((lane) => [laneNameOf(lane), lane]));
  const known = new Map(loaded.placed.map((placed) => [placed.delivery.id, placed]));
  const readLanes = new Map(lanes);
  const readKnown = new Map(known);

  const laneOf = (delivery: Delivery): Lane => {
    const lane = lanes.get(laneNameOf(laneRefOf(tenant, delivery)));
    if (lane === undefined) throw new Error('a delivery was changed without its lane');
    return lane;
  };
  const write = (placed: Placed, claimedUntil?: Instant): void => {
    const lane = withDelivery(laneOf(placed.delivery), placed, claimedUntil);
    known.set(placed.delivery.id, placed);
    lanes.set(laneNameOf(lane), lane);
    for (const id of outdatedOf(lane)) {
      const outdated = known.get(id);
      if (outdated !== undefined && outdated.delivery.status !== 'superseded')
        write({ ...outdated, delivery: { ...outdated.delivery, status: 'superseded' } });
    }
  };
  const changedLanes = (): readonly Lane[] =>
    [...lanes].filter(([at, lane]) => lane !== readLanes.get(at)).map(([, lane]) => lane);
  const changed = (): readonly Placed[] =>
    [...known].filter(([id, placed]) => placed !== readKnown.get(id)).map(([, placed]) => placed);

  const laneAction = (lane: Lane): TransactWriteItem => {
    const Item = itemOfLane(tenant, { ...lane, version: lane.version + 1 });
    return lane.version === 0
      ? { Put: { TableName: name, Item, ...absent } }
      : { Put: { TableName: name, Item, ...atVersion(lane.version) } };
  };
  const deliveryActions = (placed: Placed): readonly TransactWriteItem[] => {
    const isNew = !readKnown.has(placed.delivery.id);
    const item: TransactWriteItem = {
      Put: { TableName: name, Item: itemOfDelivery(tenant, placed), ...(isNew ? absent : {}) },
    };
    const pointer: TransactWriteItem = { Put: { TableName: name, Item: pointerOf(tenant, placed) } };
    // a pointer is written again for when it may go, or may not go any more
    const before = readKnown.get(placed.delivery.id)?.delivery;
    return isNew || isFinished(placed.delivery) || (before !== undefined && isFinished(before))
      ? [item, pointer]
      : [item];
  };
  const counts = (): readonly TransactWriteItem[] => {
    const tallies = new Map<string, Tally>();
    for (const { delivery } of changed()) {
      const before = readKnown.get(delivery.id)?.delivery;
      tallies.set(delivery.channel, tallied(tallies.get(delivery.channel) ?? new Map(), before, delivery));
    }
    const spread = changedLanes().map(laneNameOf)[0] ?? '';
    return [...tallies]
      .filter(([, tally]) => tally.size > 0)
      .map(([channel, tally]) => countAction(name, tenant, { channel, spread, tally }));
  };

  return {
    lanes: () => [...lanes.values()],
    find: (id) => known.get(id),
    put: (placed) => {
      write(placed);
    },
    add: (placed, claimedUntil) => {
      if (known.has(placed.delivery.id)) return false;
      const lane = laneOf(placed.delivery);
      const delivery = lane.open.length < mostOpen ? placed.delivery : overfull(placed.delivery);
      write({ delivery, position: Math.max(placed.position, lane.last + 1) }, claimedUntil);
      return true;
    },
    giveClaimsUp: (lane, until) => {
      const current = lanes.get(laneNameOf(lane)) ?? lane;
      lanes.set(laneNameOf(lane), withoutClaims(current, until));
    },
    hasRoom: () => {
      const channels = new Set(changed().map(({ delivery }) => delivery.channel));
      return changedLanes().length + 2 * changed().length + channels.size <= roomFrom;
    },
    actions: () => [...changedLanes().map(laneAction), ...changed().flatMap(deliveryActions), ...counts()],
    changedLanes,
  };
};

const overfull = (delivery: Delivery): Delivery => ({
  ...delivery,
  status: 'dead',
  lastError: `${mostOpen} wait before it`,
});

/** Conditions on an item of the table. */
export const absent = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': table.partitionKey },
} as const;

export const atVersion = (version: number) => ({
  ConditionExpression: '#version = :read',
  ExpressionAttributeNames: { '#version': 'version' },
  ExpressionAttributeValues: { ':read': { N: String(version) } },
});
