import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ConnectionId, TenantId } from '../../../domain/ids.ts';
import { recordKeyOf } from '../../../domain/record.ts';
import type { InboxItem, ReadBackCommit } from '../../../ports/record-store.ts';
import { groupedBy } from '../table/grouped-by.ts';
import type { Table } from '../table/requests.ts';
import { transact } from '../table/transactions.ts';
import { readWaiting } from './inbox.ts';
import { emptied } from './inbox-item.ts';
import { addingCounts, type Counted, readBackAccountKey } from './record-accounts.ts';
import { inboxKey } from './record-key.ts';

type Answer = ReadBackCommit['answered'][number];

/** An answer, and the item it is about. */
interface Answered {
  readonly answer: Answer;
  readonly item: InboxItem;
}

/** A transaction takes a hundred actions; one is the account's. */
const mostPerTransaction = 90;

/**
 * Empties the inbox items that are still at the sequence their read-back began with, and counts what became of their hints, in one
 * transaction. An item that was refreshed meanwhile stays: what was read may be older than its newest hint. `expiresAt`, in
 * seconds: what an emptied item remembers may go then.
 */
export const settleAnswers = async (
  store: Table,
  tenant: TenantId,
  answered: readonly Answer[],
  expiresAt: number,
): Promise<void> => {
  const byKey = new Map(answered.map((answer) => [recordKeyOf(answer.record), answer]));
  const items = await readWaiting(
    store,
    tenant,
    [...byKey.keys()].map((key) => inboxKey(tenant, key)),
  );
  const open = items.flatMap((item): Answered[] => {
    const answer = byKey.get(recordKeyOf(item.record));
    return answer?.sequence === item.sequence ? [{ answer, item }] : [];
  });
  const byConnection = groupedBy(open, ({ item }) => item.record.connection);
  for (const [connection, ofConnection] of byConnection)
    for (let from = 0; from < ofConnection.length; from += mostPerTransaction)
      await settle(store, { tenant, connection, expiresAt }, ofConnection.slice(from, from + mostPerTransaction));
};

interface Settling {
  readonly tenant: TenantId;
  readonly connection: ConnectionId;
  readonly expiresAt: number;
}

/** Those whose item changed in between fall out, and the others are tried again without them. */
const settle = async (store: Table, settling: Settling, answered: readonly Answered[]): Promise<void> => {
  let left = answered;
  while (left.length > 0) {
    const verdicts = await transact(store, 'answer the inbox', actionsOf(store, settling, left));
    if (verdicts === undefined) return;
    left = left.filter((_, index) => verdicts[index]?.held === true);
  }
};

const actionsOf = (
  { name }: Table,
  { tenant, connection, expiresAt }: Settling,
  answered: readonly Answered[],
): readonly TransactWriteItem[] => {
  const adding = addingCounts(answered.flatMap(countsOf));
  return [
    ...answered.map(({ item }) => ({
      Update: { TableName: name, Key: inboxKey(tenant, recordKeyOf(item.record)), ...emptied(item, expiresAt) },
    })),
    {
      Update: {
        TableName: name,
        Key: readBackAccountKey(tenant, connection),
        UpdateExpression: adding.clause,
        ExpressionAttributeNames: adding.names,
        ExpressionAttributeValues: adding.values,
      },
    },
  ];
};

/** The hints before the last one were answered with it. */
const countsOf = ({ answer, item }: Answered): readonly Counted[] => {
  const { connection } = item.record;
  const { outcome, reason } = answer;
  const last: Counted = { connection, outcome, ...(reason === undefined ? {} : { reason }), hints: 1 };
  return item.hints === 1 ? [last] : [last, { connection, outcome: 'coalesced', hints: item.hints - 1 }];
};
