import { isDeepStrictEqual } from 'node:util';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { limits } from '../../../definitions/limits.ts';
import type { ActionState } from '../../../domain/action.ts';
import type { CustomerId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { ActionCommit, ActionCommitOutcome } from '../../../ports/action-store.ts';
import { getAll } from '../table/requests.ts';
import type { ActionVerdict } from '../table/transactions.ts';
import { actionKey, actionOfItem, itemOfAction, type StoredAction, signatureOf } from './action-item.ts';
import { enterOwed, writeAhead } from './action-owed.ts';
import { absent } from './delivery-draft.ts';
import { laneRefOf, type Placed } from './delivery-lane.ts';
import { type ActionTable, revise } from './delivery-revision.ts';

/** In their places: made before anything is awaited, so that commits of one call keep their order. */
export interface PlacedCommit {
  readonly next: ActionState;
  readonly placed: readonly Placed[];
  readonly claimedUntil: Instant;
}

export const placeCommit = (store: ActionTable, commit: ActionCommit, wallNow: Instant): PlacedCommit => {
  const unique = new Map(commit.deliveries.map((delivery) => [delivery.id, delivery]));
  const placed = [...unique.values()].map((delivery) => ({ delivery, position: store.nextPosition(wallNow) }));
  return { next: commit.next, placed, claimedUntil: wallNow + limits.dueClaimMs };
};

/**
 * One transaction: the state over the version that was read, the deliveries with their lanes, what they take the place of, and
 * the counters. What does not fit is written ahead and owed by the state, until further transactions have brought it in.
 */
export const commitAction = async (store: ActionTable, commit: PlacedCommit): Promise<ActionCommitOutcome> => {
  for (;;) {
    const attempt = await tryCommit(store, commit);
    if (attempt === 'committed' || attempt === 'lost') return { outcome: attempt };
    await enterOwed(store, commit.next.customer);
    if (attempt === 'owing') return { outcome: 'committed' };
  }
};

/** `earlier owes`: what the version before has written ahead must come in first. */
type Attempt = 'committed' | 'owing' | 'lost' | 'earlier owes';

const tryCommit = (store: ActionTable, { next, placed, claimedUntil }: PlacedCommit): Promise<Attempt> => {
  const ids = placed.map(({ delivery }) => delivery.id);
  const added = signatureOf(ids);
  const scope = { lanes: placed.map(({ delivery }) => laneRefOf(store.tenant, delivery)), ids: () => ids };
  return revise<Attempt>(store, 'commit what is to be done', scope, async (draft) => {
    const fit = placed.findIndex((each) => !draft.hasRoom() || (draft.add(each, claimedUntil), false));
    const late = fit < 0 ? [] : placed.slice(fit);
    await writeAhead(store, next.customer, late, claimedUntil);
    const stored = { state: next, added, owed: late.map(({ delivery }) => delivery.id) };
    return {
      result: late.length === 0 ? 'committed' : 'owing',
      also: [putAction(store, stored)],
      refused: ([verdict]) => verdictOf(verdict, stored),
    };
  });
};

const putAction = (store: ActionTable, stored: StoredAction): TransactWriteItem => {
  const { version } = stored.state;
  const condition =
    version === 1
      ? absent
      : {
          ConditionExpression: '#version = :read AND attribute_not_exists(#owed)',
          ExpressionAttributeNames: { '#version': 'version', '#owed': 'owed' },
          ExpressionAttributeValues: { ':read': { N: String(version - 1) } },
        };
  return {
    Put: {
      TableName: store.name,
      Item: itemOfAction(store.tenant, stored),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...condition,
    },
  };
};

/** Undefined where a lane was in the way, not the state: it is tried again. */
const verdictOf = (verdict: ActionVerdict | undefined, { state, added }: StoredAction): Attempt | undefined => {
  if (verdict === undefined || verdict.held) return undefined;
  if (verdict.stored === undefined) return 'lost';
  const there = actionOfItem(verdict.stored);
  if (there.state.version === state.version - 1 && there.owed.length > 0) return 'earlier owes';
  // an answer that got lost was asked for again: then what stands there is our own
  return there.added === added && isDeepStrictEqual(there.state, asStored(state)) ? 'owing' : 'lost';
};

const asStored = (state: ActionState): unknown => JSON.parse(JSON.stringify(state));

export const findActions = async (
  store: ActionTable,
  customers: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, ActionState>> => {
  const keys = [...new Set(customers)].map((customer) => actionKey(store.tenant, customer));
  const found = (await getAll(store, keys)).map(actionOfItem);
  for (const { state, owed } of found) if (owed.length > 0) await enterOwed(store, state.customer);
  return new Map(found.map(({ state }) => [state.customer, state]));
};
