import { limits } from '../../../definitions/limits.ts';
import { table } from '../../../definitions/table.ts';
import { recoverAttempt } from '../../../domain/delivery.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Recovery } from '../../../ports/action-store.ts';
import { keysInIndex } from '../table/index-keys.ts';
import { shardsOf } from '../table/keys.ts';
import { giveWindowsUp } from './action-claims.ts';
import { readChannels } from './delivery-channels.ts';
import { finishDigests } from './delivery-digesting.ts';
import { inFlightOf, type LaneRef } from './delivery-lane.ts';
import { type ActionTable, laneRefOfKey, revise } from './delivery-revision.ts';

/** Lanes of one transaction: attempts change a delivery each, and maybe what a newer one takes the place of. */
const attemptsAtOnce = 12;
const claimsAtOnce = 50;

export const recoverDeliveries = async (store: ActionTable, recovery: Recovery): Promise<number> => {
  const attempts = await giveAttemptsUp(store, recovery);
  await finishDigests(store, recovery.startedBefore);
  const until = recovery.startedBefore + limits.dueClaimMs;
  // claims that ended are none any more
  if (until > recovery.wallNow) {
    await giveWindowsUp(store, until);
    await giveLanesUp(store, recovery.wallNow, until);
  }
  return attempts;
};

const giveAttemptsUp = async (store: ActionTable, { wallNow, startedBefore, resends }: Recovery): Promise<number> => {
  const range = { shards: shardsOf('delivery', store.tenant), until: startedBefore };
  const found = await keysInIndex(store, table.indexes.due, range);
  const lanes = found.map(({ key }) => laneRefOfKey(key, ''));
  let attempts = 0;
  for (const some of chunksOf(lanes, attemptsAtOnce))
    attempts += await revise(
      store,
      'recover what was in flight',
      { lanes: some, ids: (read) => read.flatMap((lane) => inFlightOf(lane)?.id ?? []) },
      (draft) => {
        let recovered = 0;
        for (const lane of draft.lanes()) {
          const flying = inFlightOf(lane);
          const placed = flying === undefined ? undefined : draft.find(flying.id);
          if (flying === undefined || placed === undefined || flying.sentAt > startedBefore) continue;
          const { delivery } = placed;
          draft.put({ ...placed, delivery: recoverAttempt(delivery, wallNow, resends(delivery.channel)) });
          recovered += 1;
        }
        return { result: recovered };
      },
    );
  return attempts;
};

const giveLanesUp = async (store: ActionTable, wallNow: Instant, until: Instant): Promise<void> => {
  const lanes: LaneRef[] = [];
  for (const { channel } of await readChannels(store)) {
    const shards = shardsOf('delivery', store.tenant, channel);
    const found = await keysInIndex(store, table.indexes.due, { shards, until });
    lanes.push(...found.filter(({ at }) => at > wallNow).map(({ key }) => laneRefOfKey(key, channel)));
  }
  for (const some of chunksOf(lanes, claimsAtOnce))
    await revise(store, 'give claims up', { lanes: some, ids: () => [] }, (draft) => {
      for (const lane of draft.lanes()) draft.giveClaimsUp(lane, until);
      return { result: undefined };
    });
};

const chunksOf = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
