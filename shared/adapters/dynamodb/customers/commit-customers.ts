import { randomBytes } from 'node:crypto';
import { PutItemCommand, type PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import { table } from '../../../definitions/table.ts';
import type { CustomerState } from '../../../domain/customer-state.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { CommitOutcome, CustomerCommit } from '../../../ports/customer-store.ts';
import { conditionally } from '../table/conditions.ts';
import { type Item, sideBySide } from '../table/requests.ts';
import { itemsOfEntry } from './ledger-items.ts';
import { type CustomerGround, completeStates } from './load-customers.ts';
import { type PlacedRecords, placeRecords } from './place-records.ts';
import { claimableAtOf } from './state-index.ts';
import { customerPartition, itemOfState, nameBytes, type StoredState, stateOfItem } from './state-item.ts';
import { deleteAhead, putAhead } from './write-ahead.ts';

/** Requests in flight of one call. */
const width = 25;
/** DynamoDB refuses items over 400 KB. Records never make one this large: they leave for chunks. */
const mostItemBytes = 390_000;
/** What an attempt wrote ahead of its STATE counts as left behind after an hour: an attempt that took this long gives up. */
const mostAttemptMs = 10 * 60_000;

interface Attempt {
  readonly next: CustomerState;
  readonly partition: string;
  readonly stored: StoredState;
  readonly records: PlacedRecords;
  readonly item: Item;
  /** Everything that has to be there before the STATE. */
  readonly ahead: readonly Item[];
}

type Refused = Exclude<CommitOutcome, { readonly outcome: 'committed' }>;
type Prepared = { readonly attempt: Attempt } | { readonly refused: Refused };

/**
 * Ledger entries and chunks are written ahead, under names that are this attempt's alone; then one conditional put of each STATE
 * decides. What was replaced, or lost, is deleted afterwards; where that fails, the audit finds it.
 */
export const commitCustomers = async (
  ground: CustomerGround & { readonly wallNow: () => number },
  commits: readonly CustomerCommit[],
): Promise<readonly CommitOutcome[]> => {
  const begun = ground.wallNow();
  const prepared = await sideBySide(commits, width, (commit) => prepare(ground, commit, begun));
  const attempts = prepared.flatMap((one) => ('attempt' in one ? [one.attempt] : []));
  const failures = await putAhead(ground.store, attempts);
  const left: Item[] = [];
  const outcomes = await sideBySide(prepared, width, async (one): Promise<CommitOutcome> => {
    if ('refused' in one) return one.refused;
    const { attempt } = one;
    if (failures.has(attempt)) return { outcome: 'unavailable', cause: failures.get(attempt) };
    if (ground.wallNow() - begun > mostAttemptMs) return { outcome: 'unavailable', cause: tooSlow(attempt) };
    const { outcome, garbage } = await putState(ground, attempt);
    left.push(...garbage);
    return outcome;
  });
  await deleteAhead(ground.store, left);
  return outcomes;
};

const tooSlow = ({ next }: Attempt): PipelineError =>
  new PipelineError('STORE_UNAVAILABLE', `writing ${next.customer} took too long`, { retryable: true });

const prepare = async (ground: CustomerGround, commit: CustomerCommit, begun: number): Promise<Prepared> => {
  try {
    return await prepareAttempt(ground, commit, begun);
  } catch (cause) {
    return { refused: { outcome: 'unavailable', cause } };
  }
};

const prepareAttempt = async (
  ground: CustomerGround,
  { next, entries }: CustomerCommit,
  begun: number,
): Promise<Prepared> => {
  const name = randomBytes(nameBytes).toString('hex');
  const records = await placeRecords(ground, next, name);
  if ('newer' in records) return { refused: { outcome: 'lost', ...records.newer } };
  const partition = customerPartition(next.tenant, next.customer);
  const { records: _, ...state } = next;
  const stored = {
    state,
    place: records.place,
    claimableAt: claimableAtOf(next.due, records.before?.duePlace),
    attempt: name,
  };
  const item = itemOfState(stored);
  if ((item['pending']?.B?.length ?? 0) > mostItemBytes)
    throw new PipelineError('STORE_FULL', `${next.customer} owes more changes than one item holds`, {
      retryable: false,
    });
  // so that the audit can tell what was left behind from what is on its way
  const writtenAt = { N: String(begun) };
  const links = entries.flatMap((entry) => itemsOfEntry(partition, name, entry));
  const ahead = [...links, ...records.written].map((one) => ({ ...one, writtenAt }));
  return { attempt: { next, partition, stored, records, item, ahead } };
};

interface Put {
  readonly outcome: CommitOutcome;
  /** Keys of what nothing names any more. */
  readonly garbage: readonly Item[];
}

const putState = async (ground: CustomerGround, attempt: Attempt): Promise<Put> => {
  const { next } = attempt;
  try {
    const refused = await conditionally('put a customer', () =>
      ground.store.client.send(new PutItemCommand(putOf(ground.store.name, attempt))),
    );
    const winner = refused?.Item === undefined ? undefined : stateOfItem(refused.Item);
    // an answer that got lost is asked for again by the client: then what stands there is our own
    if (refused === undefined || winner?.attempt === attempt.stored.attempt) return committed(ground, attempt);
    const known = winner === undefined ? undefined : (await completeStates(ground, [winner])).whole[0]?.state;
    const outcome: CommitOutcome = known === undefined ? { outcome: 'lost' } : { outcome: 'lost', stored: known };
    // a winner at a later version may have built on what we wrote, without us having heard that it was taken
    const mayNeedIt = winner !== undefined && winner.state.version > next.version;
    return { outcome, garbage: mayNeedIt ? [] : keysOf(attempt.ahead) };
  } catch (cause) {
    // whether it was carried out is not known: what was written ahead stays
    return { outcome: { outcome: 'unavailable', cause }, garbage: [] };
  }
};

const putOf = (name: string, { item, next }: Attempt): PutItemCommandInput => ({
  TableName: name,
  Item: item,
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  ...(next.version === 1
    ? { ConditionExpression: 'attribute_not_exists(#key)', ExpressionAttributeNames: { '#key': table.partitionKey } }
    : {
        ConditionExpression: '#version = :read',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':read': { N: String(next.version - 1) } },
      }),
});

const committed = ({ memory }: CustomerGround, { partition, stored, records }: Attempt): Put => {
  const { due, version } = stored.state;
  const duePlace = due === undefined ? undefined : { due, claimableAt: stored.claimableAt ?? due };
  memory.set(partition, { version, attempt: stored.attempt, duePlace, chunked: records.chunked });
  return { outcome: { outcome: 'committed' }, garbage: records.replaced };
};

const keysOf = (items: readonly Item[]): readonly Item[] =>
  items.map((item) => {
    const { [table.partitionKey]: partition, [table.sortKey]: sort } = item;
    return {
      ...(partition === undefined ? {} : { [table.partitionKey]: partition }),
      ...(sort === undefined ? {} : { [table.sortKey]: sort }),
    };
  });
