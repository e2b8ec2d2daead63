import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { recordKeyOf } from '../../../domain/record.ts';
import type { InboxHint, InboxItem } from '../../../ports/record-store.ts';
import { shardOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import { corruptItem, readItem, storedJson, storedNumber } from '../table/stored-attributes.ts';
import { isTaken, type LogMark, markAfter } from './log-mark.ts';
import { partitionIn, refInPartition } from './record-key.ts';

/** By partition of the log, what was taken of this record: offset, append instant. */
const Taken = z.record(z.string().regex(/^\d+$/), z.tuple([z.int(), z.int()]));
type Taken = z.infer<typeof Taken>;

const { timeToLive } = table;
const { partitionKey: dueShard, sortKey: claimableAt } = table.indexes.due;

/** An INBOX item. An emptied one keeps its sequence and what it took, so that a redelivery changes nothing. */
const Stored = z.object({
  sequence: storedNumber,
  taken: storedJson(Taken),
  objectLength: storedNumber,
  hints: storedNumber.optional(),
  firstHintAt: storedNumber.optional(),
  lastHintAt: storedNumber.optional(),
  [claimableAt]: storedNumber.optional(),
  attempts: storedNumber.optional(),
});
type Stored = z.infer<typeof Stored>;

const number = (value: number) => ({ N: String(value) });

/** What changes in an INBOX item: attributes set and removed, and whether it stands as it was read. */
export interface InboxChange {
  readonly set: Item;
  readonly remove: readonly string[];
  readonly condition: string;
  readonly values: Item;
}

/** The waiting item; undefined where it is emptied. */
export const inboxItemOf = (tenant: TenantId, item: Item): InboxItem | undefined => {
  const stored = readItem('inbox item', Stored, item);
  const { sequence, hints, firstHintAt, lastHintAt, [claimableAt]: retryAt, attempts } = stored;
  if (hints === undefined) return undefined;
  if (firstHintAt === undefined || lastHintAt === undefined || retryAt === undefined || attempts === undefined)
    throw corruptItem('inbox item');
  const record = refIn(item, stored);
  return { tenant, record, sequence, hints, firstHintAt, lastHintAt, retryAt, attempts };
};

const refIn = (item: Item, { objectLength }: Stored) => {
  try {
    return refInPartition(partitionIn(item), objectLength);
  } catch (cause) {
    throw corruptItem('inbox item', cause);
  }
};

/**
 * What hints of one record and partition do to its item; undefined where all of them were taken before. A newer hint does
 * not bring a waiting item forward that was put off: its CRM is no readier for it.
 */
export const takeHints = (
  tenant: TenantId,
  item: Item | undefined,
  { partition, hints }: { readonly partition: number; readonly hints: readonly InboxHint[] },
): InboxChange | undefined => {
  const stored = item === undefined ? undefined : readItem('inbox item', Stored, item);
  const mark = markOf(stored?.taken[String(partition)]);
  const news = hints.filter((hint) => !isTaken(hint, mark));
  const first = news[0];
  if (first === undefined) return undefined;
  const lastHintAt = Math.max(...news.map(({ at }) => at));
  const change = {
    sequence: number((stored?.sequence ?? 0) + news.length),
    hints: number((stored?.hints ?? 0) + news.length),
    taken: { S: JSON.stringify(takenAfter(stored?.taken ?? {}, partition, markAfter(mark, news))) },
  };
  if (stored?.hints !== undefined)
    return {
      set: { ...change, lastHintAt: number(laterOf(lastHintAt, stored.lastHintAt)) },
      remove: [],
      ...asRead(stored),
    };
  const { record, at, retryAt } = first;
  const key = recordKeyOf(record);
  const started = {
    objectLength: number(record.object.length),
    firstHintAt: number(at),
    lastHintAt: number(lastHintAt),
    attempts: number(0),
    [dueShard]: { S: shardOf('inbox', tenant, key, record.connection) },
    [claimableAt]: number(retryAt),
  };
  return { set: { ...change, ...started }, remove: [timeToLive], ...asRead(stored) };
};

const laterOf = (a: Instant, b: Instant | undefined): Instant => (b === undefined ? a : Math.max(a, b));

const markOf = (taken: Taken[string] | undefined): LogMark | undefined =>
  taken === undefined ? undefined : { upTo: taken[0], maxAt: taken[1] };

const takenAfter = (taken: Taken, partition: number, { upTo, maxAt }: LogMark): Taken => ({
  ...taken,
  [String(partition)]: [upTo, maxAt],
});

/** Every hint raises the sequence and an answer takes the hints away: the two tell whether an item changed. */
const asRead = (stored: Stored | undefined): { readonly condition: string; readonly values: Item } => {
  if (stored === undefined) return { condition: 'attribute_not_exists(#sequence)', values: {} };
  const values = { ':readSequence': number(stored.sequence) };
  return stored.hints === undefined
    ? { condition: '#sequence = :readSequence AND attribute_not_exists(#hints)', values }
    : {
        condition: '#sequence = :readSequence AND #hints = :readHints',
        values: { ...values, ':readHints': number(stored.hints) },
      };
};

/** What an answer does to the item whose sequence it read. */
export const emptied = ({ sequence, hints }: InboxItem, expiresAt: number) => ({
  UpdateExpression: 'SET #expiresAt = :expiresAt REMOVE #hints, #first, #last, #attempts, #shard, #at',
  ConditionExpression: '#sequence = :sequence AND #hints = :hints',
  ExpressionAttributeNames: {
    ...{ '#sequence': 'sequence', '#hints': 'hints', '#first': 'firstHintAt', '#last': 'lastHintAt' },
    ...{ '#attempts': 'attempts', '#shard': dueShard, '#at': claimableAt, '#expiresAt': timeToLive },
  },
  ExpressionAttributeValues: {
    ...{ ':sequence': number(sequence), ':hints': number(hints), ':expiresAt': number(expiresAt) },
  },
});
