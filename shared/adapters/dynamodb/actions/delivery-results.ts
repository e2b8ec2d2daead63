import type { Delivery } from '../../../domain/delivery.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Draft } from './delivery-draft.ts';
import { laneRefOf, type Placed } from './delivery-lane.ts';
import { type ActionTable, readPlaced, revise } from './delivery-revision.ts';

/** Deliveries of one transaction. */
const atOnce = 24;

/** An attempt that is over or given up; of these, a result that comes late is still taken. */
const takesResult = ({ delivery }: Placed, { attempts }: Delivery): boolean =>
  delivery.attempts === attempts && ['sending', 'unknown', 'held', 'dead'].includes(delivery.status);

/** All or nothing for up to 24; more go one transaction after the other. */
export const settleResults = async (store: ActionTable, results: readonly Delivery[]): Promise<void> => {
  const byId = new Map(results.map((result) => [result.id, result]));
  await changeEach(store, [...byId.values()], (draft, { id }) => {
    const [placed, result] = [draft.find(id), byId.get(id)];
    if (placed === undefined || result === undefined || !takesResult(placed, result)) return false;
    draft.put({ ...placed, delivery: result });
    return true;
  });
};

export const releaseDeliveries = async (
  store: ActionTable,
  ids: readonly string[],
  wallNow: Instant,
): Promise<number> => {
  const found = (await readPlaced(store, ids)).map(({ delivery }) => delivery);
  return changeEach(store, found, (draft, { id }) => {
    const placed = draft.find(id);
    if (placed === undefined || (placed.delivery.status !== 'held' && placed.delivery.status !== 'dead')) return false;
    draft.put({ ...placed, delivery: { ...placed.delivery, status: 'retry', attempts: 0, dueAt: wallNow } });
    return true;
  });
};

/** Returns how many were changed. */
const changeEach = async (
  store: ActionTable,
  deliveries: readonly Delivery[],
  change: (draft: Draft, delivery: Delivery) => boolean,
): Promise<number> => {
  let changed = 0;
  for (let from = 0; from < deliveries.length; ) {
    const some = deliveries.slice(from, from + atOnce);
    const scope = {
      lanes: some.map((delivery) => laneRefOf(store.tenant, delivery)),
      ids: () => some.map(({ id }) => id),
    };
    const step = await revise(store, 'change deliveries', scope, (draft) => {
      const done = { taken: 0, changed: 0 };
      for (const delivery of some) {
        if (!draft.hasRoom()) break;
        done.taken += 1;
        if (change(draft, delivery)) done.changed += 1;
      }
      return { result: done };
    });
    from += step.taken;
    changed += step.changed;
  }
  return changed;
};
