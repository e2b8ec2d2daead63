import { DeleteItemCommand, PutItemCommand, type TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { Pace } from '../../../domain/delivery-schedule.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { DisabledChannel } from '../../../ports/action-store.ts';
import { conditionally } from '../table/conditions.ts';
import { keyOf, partitionOf } from '../table/keys.ts';
import { answered, getAll, type Item, queryAll } from '../table/requests.ts';
import { readItem, storedJson, storedNumber, storedText } from '../table/stored-attributes.ts';
import { transact } from '../table/transactions.ts';
import { absent, atVersion } from './delivery-draft.ts';
import type { Sent } from './delivery-pace.ts';
import type { ActionTable } from './delivery-revision.ts';

/** One partition names all channels of a tenant that something was ever decided for, and those that are disabled. */
const channelPrefix = 'CHANNEL#';
const disabledPrefix = 'DISABLED#';

const ChannelItem = z.object({
  [table.sortKey]: storedText.transform((sort) => sort.slice(channelPrefix.length)),
  version: storedNumber,
  sent: storedJson(z.array(z.tuple([z.int(), z.int()]))),
  blockedUntil: storedNumber.optional(),
  blockedMs: storedNumber.optional(),
});

const DisabledItem = z.object({
  [table.sortKey]: storedText.transform((sort) => sort.slice(disabledPrefix.length)),
  reason: storedText,
  since: storedNumber,
});

export interface ChannelState {
  readonly channel: string;
  readonly version: number;
  /** What counts against the pace. */
  readonly sent: Sent;
  readonly isDisabled: boolean;
  /** Nothing goes before, because of the pace; a block lasts no longer than the pace's window. */
  readonly blocked: { readonly until: Instant; readonly forMs: number } | undefined;
}

const channelKey = (tenant: TenantId, channel: string): Item =>
  keyOf(partitionOf('channel', tenant, ''), `${channelPrefix}${channel}`);
const disabledKey = (tenant: TenantId, channel: string): Item =>
  keyOf(partitionOf('channel', tenant, ''), `${disabledPrefix}${channel}`);

/** A block from the far future was left by a clock that was put back. */
export const mayBeServed = ({ isDisabled, blocked }: ChannelState, wallNow: Instant): boolean =>
  !isDisabled && (blocked === undefined || blocked.until <= wallNow || blocked.until > wallNow + 2 * blocked.forMs);

const stateOf = (item: Item, isDisabled: boolean): ChannelState => {
  const parsed = readItem('channel', ChannelItem, item);
  const { version, sent, blockedUntil, blockedMs } = parsed;
  const blocked =
    blockedUntil === undefined || blockedMs === undefined ? undefined : { until: blockedUntil, forMs: blockedMs };
  return { channel: parsed[table.sortKey], version, sent, isDisabled, blocked };
};

/** Undefined for a channel that nothing was ever decided for. */
export const readChannel = async (store: ActionTable, channel: string): Promise<ChannelState | undefined> => {
  const keys = [channelKey(store.tenant, channel), disabledKey(store.tenant, channel)];
  const items = await getAll(store, keys);
  const item = items.find(isOf(channelPrefix));
  return item === undefined ? undefined : stateOf(item, items.some(isOf(disabledPrefix)));
};

/** All of the partition: two small items a channel. */
const readAll = async (store: ActionTable) => {
  const items = await queryAll(store, {
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': table.partitionKey },
    ExpressionAttributeValues: { ':pk': { S: partitionOf('channel', store.tenant, '') } },
    ConsistentRead: true,
  });
  return {
    disabled: items.filter(isOf(disabledPrefix)).map((item): DisabledChannel => {
      const { reason, since, ...keys } = readItem('disabled channel', DisabledItem, item);
      return { channel: keys[table.sortKey], reason, since };
    }),
    channels: items.filter(isOf(channelPrefix)),
  };
};

const isOf =
  (prefix: string) =>
  (item: Item): boolean =>
    item[table.sortKey]?.S?.startsWith(prefix) ?? false;

/** By name. */
export const readDisabled = async (store: ActionTable): Promise<readonly DisabledChannel[]> =>
  (await readAll(store)).disabled;

/** By name. */
export const readChannels = async (store: ActionTable): Promise<readonly ChannelState[]> => {
  const { channels, disabled } = await readAll(store);
  const names = new Set(disabled.map(({ channel }) => channel));
  return channels.map((item) => stateOf(item, false)).map((each) => ({ ...each, isDisabled: names.has(each.channel) }));
};

/** Before anything is decided for them. */
export const registerChannels = async (store: ActionTable, channels: Iterable<string>): Promise<void> => {
  for (const channel of channels) {
    const Item = { ...channelKey(store.tenant, channel), version: { N: '0' }, sent: { S: '[]' } };
    await transact(store, 'register a channel', [{ Put: { TableName: store.name, Item, ...absent } }]);
  }
};

export const disable = async (store: ActionTable, { channel, reason, since }: DisabledChannel): Promise<void> => {
  const Item = { ...disabledKey(store.tenant, channel), reason: { S: reason }, since: { N: String(since) } };
  const command = new PutItemCommand({ TableName: store.name, Item, ...absent });
  await conditionally('disable a channel', () => store.client.send(command));
};

export const enable = async (store: ActionTable, channel: string): Promise<void> => {
  const command = new DeleteItemCommand({ TableName: store.name, Key: disabledKey(store.tenant, channel) });
  await answered('enable a channel', () => store.client.send(command));
};

/** What was sent, counted in the transaction that makes it `sending`: over all instances. */
export const sentAction = (store: ActionTable, { channel, version }: ChannelState, sent: Sent): TransactWriteItem => ({
  Put: {
    TableName: store.name,
    Item: {
      ...channelKey(store.tenant, channel),
      version: { N: String(version + 1) },
      sent: { S: JSON.stringify(sent) },
    },
    ...atVersion(version),
  },
});

export const block = async (store: ActionTable, channel: string, { windowMs }: Pace, until: Instant): Promise<void> => {
  const update = {
    TableName: store.name,
    Key: channelKey(store.tenant, channel),
    UpdateExpression: 'SET #until = :until, #ms = :ms',
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#until': 'blockedUntil', '#ms': 'blockedMs', '#pk': table.partitionKey },
    ExpressionAttributeValues: { ':until': { N: String(until) }, ':ms': { N: String(windowMs) } },
  };
  await transact(store, 'put a channel off', [{ Update: update }]);
};
