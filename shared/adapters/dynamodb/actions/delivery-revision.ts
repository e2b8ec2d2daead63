import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { getAll, type Item, type Table } from '../table/requests.ts';
import { type ActionVerdict, transact } from '../table/transactions.ts';
import { type Draft, draftOf } from './delivery-draft.ts';
import { deliveryKey, deliveryOfItem } from './delivery-item.ts';
import { blankLane, gradesOf, type Lane, type LaneRef, laneNameOf, type Placed } from './delivery-lane.ts';
import { laneKey, laneOfItem } from './delivery-lane-item.ts';
import type { RecentLanes } from './delivery-recent.ts';

/** What all parts of acting share. */
export interface ActionTable extends Table {
  readonly tenant: TenantId;
  readonly recent: RecentLanes;
  readonly nextPosition: (wallNow: Instant) => number;
}

export interface Scope {
  readonly lanes: readonly LaneRef[];
  /** Deliveries of these lanes; their open writes of a grade are always there. */
  readonly ids: (lanes: readonly Lane[]) => readonly string[];
  /** The lanes where they were read just now: saves reading them again, as long as they have not moved. */
  readonly read?: readonly Lane[];
}

export interface Revision<T> {
  readonly result: T;
  /** Further actions of the transaction, on other items. */
  readonly also?: readonly TransactWriteItem[];
  /** Hears what these met, in order, when it was refused. An answer ends it; without one it is decided again. */
  readonly refused?: (verdicts: readonly ActionVerdict[]) => T | undefined;
}

/** How often one is decided again because others were first. */
const mostAttempts = 12;

/**
 * Reads lanes, then deliveries of them, lets these be changed, and writes all of it or nothing; decides again where a lane moved
 * meanwhile. The lanes are read first: their versions then vouch for the deliveries.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable: also when others were first again and again.
 */
export const revise = async <T>(
  store: ActionTable,
  what: string,
  scope: Scope,
  decide: (draft: Draft) => Revision<T> | Promise<Revision<T>>,
): Promise<T> => {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const lanes = attempt === 1 && scope.read !== undefined ? scope.read : await readLanes(store, scope.lanes);
    const ids = new Set([...lanes.flatMap(gradesOf), ...scope.ids(lanes)]);
    const draft = draftOf(store.name, store.tenant, { lanes, placed: await readPlaced(store, [...ids]) });
    const { result, also = [], refused } = await decide(draft);
    const actions = [...also, ...draft.actions()];
    if (actions.length === 0) return result;
    const verdicts = await transact(store, what, actions);
    if (verdicts === undefined) {
      draft.changedLanes().forEach(store.recent.note);
      return result;
    }
    const answer = refused?.(verdicts.slice(0, also.length));
    if (answer !== undefined) return answer;
    await store.pause(5 * attempt * (0.5 + Math.random()));
  }
  throw new PipelineError('STORE_UNAVAILABLE', `could not ${what}: others were first`, { retryable: true });
};

/** In the order asked for; blank where there is none yet. */
export const readLanes = async (store: ActionTable, refs: readonly LaneRef[]): Promise<readonly Lane[]> => {
  const wanted = new Map(refs.map((ref) => [laneNameOf(ref), ref]));
  const items = await getAll(store, [...wanted.values()].map(laneKey));
  const found = new Map(items.map(laneOfItem).map((lane) => [laneNameOf(lane), lane]));
  return [...wanted].map(([name, ref]) => found.get(name) ?? blankLane(ref));
};

/** In the order asked for; those that do not exist are left out. */
export const readPlaced = async (store: ActionTable, ids: readonly string[]): Promise<readonly Placed[]> => {
  const wanted = [...new Set(ids)];
  const items = await getAll(
    store,
    wanted.map((id) => deliveryKey(store.tenant, id)),
  );
  const found = new Map(items.map(deliveryOfItem).map((placed) => [placed.delivery.id, placed]));
  return wanted.flatMap((id) => found.get(id) ?? []);
};

/** The key of a lane that an index named. */
export const laneRefOfKey = (key: Item, channel: string): LaneRef => ({
  partition: key[table.partitionKey]?.S ?? '',
  sort: key[table.sortKey]?.S ?? '',
  channel,
});
