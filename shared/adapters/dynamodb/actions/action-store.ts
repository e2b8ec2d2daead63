import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { table as definition } from '../../../definitions/table.ts';
import type { Delivery } from '../../../domain/delivery.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import type { ActionStore } from '../../../ports/action-store.ts';
import { partitionOf } from '../table/keys.ts';
import { openTable, queryAll, sideBySide } from '../table/requests.ts';
import { claimDueActions } from './action-claims.ts';
import { commitAction, findActions, placeCommit } from './action-commit.ts';
import { disable, enable, readChannels, readDisabled, registerChannels } from './delivery-channels.ts';
import { countAlerts, countChannel } from './delivery-counts.ts';
import { takePlaceOf } from './delivery-digesting.ts';
import { idOfPointer, pointerPrefix } from './delivery-item.ts';
import { openPositions } from './delivery-lane.ts';
import { recentLanes } from './delivery-recent.ts';
import { recoverDeliveries } from './delivery-recovery.ts';
import { releaseDeliveries, settleResults } from './delivery-results.ts';
import { type ActionTable, readPlaced } from './delivery-revision.ts';
import { claimAttempts, findAlerts } from './delivery-sending.ts';

/** Commits in flight of one call. */
const width = 10;

/**
 * Acting on the one DynamoDB table. Whatever changes a delivery is one transaction with its lane, so that several processes,
 * and a crash anywhere, leave every lane in order. An index only proposes; the items decide.
 */
export const dynamoDbActionStore = (options: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
}): ActionStore => {
  const { tenant } = options;
  const store: ActionTable = {
    ...openTable(options.client, options.table),
    tenant,
    recent: recentLanes(),
    nextPosition: openPositions(),
  };
  const registered = new Set<string>();
  return {
    findStates: (customers) => findActions(store, customers),
    commitAll: async (commits, wallNow) => {
      const placed = commits.map((commit) => placeCommit(store, commit, wallNow));
      const channels = new Set(commits.flatMap(({ deliveries }) => deliveries.map(({ channel }) => channel)));
      const fresh = [...channels].filter((channel) => !registered.has(channel));
      await registerChannels(store, fresh);
      for (const channel of fresh) registered.add(channel);
      return sideBySide(placed, width, (commit) => commitAction(store, commit));
    },
    claimDue: (now, limit) => claimDueActions(store, now, limit),
    claimSending: (claim) => claimAttempts(store, claim),
    settle: (results) => settleResults(store, results),
    recover: (recovery) => recoverDeliveries(store, recovery),
    findWaitingAlerts: (channel, limit) => findAlerts(store, channel, limit),
    countWaitingAlerts: (channel) => countAlerts(store, tenant, channel),
    commitDigest: (digest) => takePlaceOf(store, digest),
    disableChannel: (disabled) => disable(store, disabled),
    enableChannel: (channel) => enable(store, channel),
    readDisabledChannels: () => readDisabled(store),
    release: (ids, wallNow) => releaseDeliveries(store, ids, wallNow),
    findDeliveries: (ids) => findDeliveries(store, ids),
    listDeliveries: (customer, limit) => listDeliveries(store, customer, limit),
    countDeliveries: async () => {
      const channels = await readChannels(store);
      const counts = await sideBySide(channels, width, ({ channel }) => countChannel(store, tenant, channel));
      return counts.flat();
    },
  };
};

const findDeliveries = async (store: ActionTable, ids: readonly string[]): Promise<readonly Delivery[]> =>
  (await readPlaced(store, ids)).map(({ delivery }) => delivery);

const listDeliveries = async (
  store: ActionTable,
  customer: CustomerId,
  limit: number,
): Promise<readonly Delivery[]> => {
  const pointers = await queryAll(
    store,
    {
      KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
      ExpressionAttributeNames: { '#pk': definition.partitionKey, '#sk': definition.sortKey },
      ExpressionAttributeValues: {
        ':pk': { S: partitionOf('customer', store.tenant, customer) },
        ':prefix': { S: pointerPrefix },
      },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: limit,
    },
    limit,
  );
  return findDeliveries(store, pointers.slice(0, limit).map(idOfPointer));
};
