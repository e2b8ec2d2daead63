import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { CustomerId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { getAll, type Item, putAll } from '../table/requests.ts';
import { corruptItem, readItem, storedNumber } from '../table/stored-attributes.ts';
import { transact } from '../table/transactions.ts';
import { actionKey, actionOfItem, itemOfAction, type StoredAction } from './action-item.ts';
import { deliveryOfItem, itemOfDelivery } from './delivery-item.ts';
import { instantOf, laneRefOf, type Placed } from './delivery-lane.ts';
import { keptMs } from './delivery-lane-item.ts';
import { type ActionTable, revise } from './delivery-revision.ts';

/** Deliveries brought in by one transaction. */
const atOnce = 20;

const AheadItem = z.object({ claimedUntil: storedNumber });

const aheadKey = (store: ActionTable, customer: CustomerId, id: string): Item =>
  keyOf(partitionOf('customer', store.tenant, customer), `AHEAD#${id}`);

/** Stores deliveries where nobody finds them until the customer's state owes them. */
export const writeAhead = (
  store: ActionTable,
  customer: CustomerId,
  late: readonly Placed[],
  claimedUntil: Instant,
): Promise<void> =>
  putAll(
    store,
    late.map((placed) => ({
      ...itemOfDelivery(store.tenant, placed),
      ...aheadKey(store, customer, placed.delivery.id),
      claimedUntil: { N: String(claimedUntil) },
      [table.timeToLive]: { N: String(Math.ceil((instantOf(placed.position) + keptMs) / 1_000)) },
    })),
  );

/** Brings in what the customer's state owes. Safe to be done by several at once, and to be left off anywhere. */
export const enterOwed = async (store: ActionTable, customer: CustomerId): Promise<void> => {
  for (;;) {
    const [item] = await getAll(store, [actionKey(store.tenant, customer)]);
    const stored = item === undefined ? undefined : actionOfItem(item);
    if (stored === undefined || stored.owed.length === 0) return;
    await enterSome(store, stored);
  }
};

const enterSome = async (store: ActionTable, stored: StoredAction): Promise<void> => {
  const { customer } = stored.state;
  const ids = stored.owed.slice(0, atOnce);
  const ahead = await readAhead(store, customer, ids);
  // gone, and so is the debt: somebody else was at it
  if (ahead === undefined) return;
  const scope = { lanes: ahead.map(({ placed }) => laneRefOf(store.tenant, placed.delivery)), ids: () => ids };
  const entered = await revise(store, 'bring deliveries in', scope, (draft) => {
    const full = ahead.findIndex(
      ({ placed, claimedUntil }) => !draft.hasRoom() || (draft.add(placed, claimedUntil), false),
    );
    const result = full < 0 ? ids : ids.slice(0, full);
    return {
      result,
      also: [putOwing(store, stored, result.length)],
      refused: ([met]) => (met?.held === false ? [] : undefined),
    };
  });
  if (entered.length === 0) return;
  const deletions = entered.map((id) => ({ Delete: { TableName: store.name, Key: aheadKey(store, customer, id) } }));
  await transact(store, 'tidy up', deletions);
};

const putOwing = (store: ActionTable, stored: StoredAction, paid: number) => ({
  Put: {
    TableName: store.name,
    Item: itemOfAction(store.tenant, { ...stored, owed: stored.owed.slice(paid) }),
    ConditionExpression: '#version = :version AND #owed = :owed',
    ExpressionAttributeNames: { '#version': 'version', '#owed': 'owed' },
    ExpressionAttributeValues: {
      ':version': { N: String(stored.state.version) },
      ':owed': { S: JSON.stringify(stored.owed) },
    },
  },
});

interface Ahead {
  readonly placed: Placed;
  readonly claimedUntil: Instant;
}

/** In this order. Undefined when the state owes them no longer. */
const readAhead = async (
  store: ActionTable,
  customer: CustomerId,
  ids: readonly string[],
): Promise<readonly Ahead[] | undefined> => {
  const items = await getAll(
    store,
    ids.map((id) => aheadKey(store, customer, id)),
  );
  const found = new Map(
    items.map((item) => {
      const placed = deliveryOfItem(item);
      return [placed.delivery.id, { placed, ...readItem('delivery written ahead', AheadItem, item) }];
    }),
  );
  const ahead = ids.flatMap((id) => found.get(id) ?? []);
  if (ahead.length === ids.length) return ahead;
  const [item] = await getAll(store, [actionKey(store.tenant, customer)]);
  if (item !== undefined && ids.every((id) => actionOfItem(item).owed.includes(id)))
    throw corruptItem('delivery written ahead');
  return undefined;
};
