import { table } from '../../../definitions/table.ts';
import { attemptOf, type Delivery, isWaiting } from '../../../domain/delivery.ts';
import type { Pace } from '../../../domain/delivery-schedule.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { SendingClaim } from '../../../ports/action-store.ts';
import { keysInIndex } from '../table/index-keys.ts';
import { shardsOf } from '../table/keys.ts';
import { block, mayBeServed, readChannel, sentAction } from './delivery-channels.ts';
import { byDue, headOf, type Lane, type LaneRef, laneNameOf } from './delivery-lane.ts';
import { never } from './delivery-lane-item.ts';
import { allowanceOf, withAttempts } from './delivery-pace.ts';
import { type ActionTable, laneRefOfKey, readLanes, readPlaced, revise } from './delivery-revision.ts';

/** Lanes looked at beyond those asked for: an index still names some that others took a moment ago. */
const lookFurther = [25, 500] as const;
/** The most attempts begun by one transaction. */
const atOnce = 40;

/**
 * Whether the channel is disabled is read just before, not in the transaction: an attempt may always have begun a moment
 * earlier, and a check in the transaction would have all senders of a channel meet at one item.
 */
export const claimAttempts = async (store: ActionTable, claim: SendingClaim): Promise<readonly Delivery[]> => {
  const { channel, wallNow, pace } = claim;
  const state = await readChannel(store, channel);
  if (state === undefined || !mayBeServed(state, wallNow)) return [];
  const limit = Math.min(claim.limit, atOnce);
  if (pace !== undefined) {
    const { allowed, freeAt } = allowanceOf(state.sent, pace, wallNow);
    if (allowed === 0) {
      await putOff(store, channel, { pace, until: freeAt, wallNow, limit });
      return [];
    }
  }
  for (const further of lookFurther) {
    const most = limit + further;
    const candidates = await waitingLanes(store, channel, wallNow, most);
    const claimed = await claimAmong(store, { ...claim, limit }, candidates);
    if (claimed.length > 0 || candidates.length < most) return claimed;
  }
  return [];
};

/** Looks at the lanes themselves, some at a time, until there are enough whose head may go. */
const claimAmong = async (
  store: ActionTable,
  claim: SendingClaim,
  candidates: readonly LaneRef[],
): Promise<readonly Delivery[]> => {
  const { wallNow, limit } = claim;
  const ripe: Lane[] = [];
  const width = Math.max(25, 2 * limit);
  for (let from = 0; from < candidates.length; from += width) {
    const lanes = await readLanes(store, candidates.slice(from, from + width));
    lanes.forEach(store.recent.note);
    ripe.push(...lanes.filter((lane) => isRipe(lane, wallNow)));
    const isLast = from + width >= candidates.length;
    if (ripe.length < limit && !isLast) continue;
    const chosen = ripe.splice(0).sort(byHead).slice(0, limit);
    const claimed = chosen.length === 0 ? [] : await beginAttempts(store, claim, chosen);
    if (claimed.length > 0) return claimed;
  }
  return [];
};

const isRipe = (lane: Lane, wallNow: Instant): boolean => (headOf(lane)?.dueAt ?? never) <= wallNow;

const byHead = (a: Lane, b: Lane): number => {
  const [head, other] = [headOf(a), headOf(b)];
  return head === undefined || other === undefined ? 0 : byDue(head, other);
};

/** All of these heads that may still go, in one transaction with what the pace counts. */
const beginAttempts = (
  store: ActionTable,
  { channel, wallNow, pace, limit }: SendingClaim,
  lanes: readonly Lane[],
): Promise<readonly Delivery[]> => {
  const ids = (read: readonly Lane[]): readonly string[] => read.flatMap((lane) => headOf(lane)?.id ?? []);
  return revise(store, 'begin to send', { lanes, read: lanes, ids }, async (draft) => {
    const state = pace === undefined ? undefined : await readChannel(store, channel);
    const allowed =
      pace === undefined || state === undefined
        ? limit
        : Math.min(limit, allowanceOf(state.sent, pace, wallNow).allowed);
    const begun: Delivery[] = [];
    for (const lane of [...draft.lanes()].sort(byHead)) {
      const head = draft.find(headOf(lane)?.id ?? '');
      if (head === undefined || !isRipe(lane, wallNow) || begun.length >= allowed || !draft.hasRoom()) continue;
      const delivery = attemptOf(head.delivery, wallNow);
      draft.put({ ...head, delivery });
      begun.push(delivery);
    }
    const counts = pace !== undefined && state !== undefined && begun.length > 0;
    return {
      result: begun,
      also: counts ? [sentAction(store, state, withAttempts(state.sent, pace, wallNow, begun.length))] : [],
    };
  });
};

interface PuttingOff {
  readonly pace: Pace;
  readonly until: Instant;
  readonly wallNow: Instant;
  readonly limit: number;
}

/** One mark on the channel puts all of it off; of the first, claims are given up, so that they fall due when it ends. */
const putOff = async (store: ActionTable, channel: string, { pace, until, wallNow, limit }: PuttingOff) => {
  await block(store, channel, pace, until);
  const lanes = await waitingLanes(store, channel, wallNow, Math.min(limit, atOnce));
  await revise(store, 'put off what is due', { lanes, ids: () => [] }, (draft) => {
    for (const lane of draft.lanes()) if (isRipe(lane, wallNow)) draft.giveClaimsUp(lane, never);
    return { result: undefined };
  });
};

/** Lanes of a channel whose head may be sent by then, or of all that are not empty: as the index and this process know them. */
const waitingLanes = async (
  store: ActionTable,
  channel: string,
  until: Instant,
  most: number,
): Promise<readonly LaneRef[]> => {
  const shards = shardsOf('delivery', store.tenant, channel);
  const indexed = await keysInIndex(store, table.indexes.unpublished, { shards, until, limit: most });
  const known = indexed.map(({ key, at }) => ({ ref: laneRefOfKey(key, channel), since: at }));
  const lanes = [...known, ...store.recent.ofChannel(channel, until)].sort((a, b) => a.since - b.since);
  return [...new Map(lanes.map(({ ref }) => [laneNameOf(ref), ref])).values()].slice(0, most);
};

/** Alerts that wait, in the order of decisions. */
export const findAlerts = async (store: ActionTable, channel: string, limit: number): Promise<readonly Delivery[]> => {
  const lanes = await readLanes(store, await waitingLanes(store, channel, never, limit));
  const oldest = lanes
    .flatMap(({ open }) => open.filter(({ alert, sentAt }) => alert === true && sentAt === undefined))
    .sort((a, b) => a.position - b.position)
    .slice(0, limit);
  const placed = await readPlaced(
    store,
    oldest.map(({ id }) => id),
  );
  return placed.map(({ delivery }) => delivery).filter(({ status }) => isWaiting(status));
};
