import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { Delivery, isWaiting } from '../../../domain/delivery.ts';
import type { Digest } from '../../../domain/delivery-digest.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { keysInIndex } from '../table/index-keys.ts';
import { keyOf, partitionOf, shardOf, shardsOf } from '../table/keys.ts';
import { getAll, type Item } from '../table/requests.ts';
import {
  deflateJson,
  inflateJson,
  mostPartBytes,
  readItem,
  storedBytes,
  storedText,
} from '../table/stored-attributes.ts';
import { transact } from '../table/transactions.ts';
import { absent, type Draft } from './delivery-draft.ts';
import { instantOf, laneRefOf, type Placed } from './delivery-lane.ts';
import { type ActionTable, type Revision, readPlaced, revise } from './delivery-revision.ts';

/**
 * A digest of few members takes their place in one transaction. One of many is noted first; then its members are closed some
 * at a time, each time only while the note says `closing`; with the last of them the digest comes in and the note goes. Where a
 * member does not wait any more, the note turns to `undoing`, and all that were closed are opened again before it goes. What a
 * crash leaves is carried to its end by a recovery, from wherever it stands; several may be at it.
 */
const atOnce = 24;

const Noted = z.object({ delivery: Delivery, members: z.array(z.string()), position: z.int() });
const NoteItem = z.object({
  body: storedBytes.transform((bytes) => inflateJson(Noted, bytes)),
  phase: storedText.pipe(z.enum(['closing', 'undoing'])),
});
type Note = Readonly<z.infer<typeof Noted>>;
type Phase = z.infer<typeof NoteItem>['phase'];

export const takePlaceOf = async (store: ActionTable, { delivery, members }: Digest): Promise<boolean> => {
  const placed = await readPlaced(store, members);
  if (placed.length < members.length || placed.some((each) => !isWaiting(each.delivery.status))) return false;
  const note = { delivery, members: [...members], position: Math.max(...placed.map(({ position }) => position)) + 1 };
  if (members.length <= atOnce) return (await closeSome(store, note, { from: 0, isNoted: false })) === 'done';
  await writeNote(store, note);
  return closeAll(store, note);
};

/** What begun before then was left in between. */
export const finishDigests = async (store: ActionTable, begunBefore: Instant): Promise<void> => {
  const range = { shards: shardsOf('channel', store.tenant), until: begunBefore };
  for (const { key } of await keysInIndex(store, table.indexes.due, range)) {
    const [item] = await getAll(store, [key]);
    if (item === undefined) continue;
    const { body, phase } = readItem('digest', NoteItem, item);
    if (phase === 'closing') await closeAll(store, body);
    else await undo(store, body);
  }
};

const closeAll = async (store: ActionTable, note: Note): Promise<boolean> => {
  for (let from = 0; from < note.members.length; from += atOnce) {
    const outcome = await closeSome(store, note, { from, isNoted: true });
    if (outcome === 'not waiting') await turnToUndoing(store, note);
    if (outcome === 'not waiting' || outcome === 'not closing') {
      await undo(store, note);
      // somebody else may have carried it to its end
      return (await readPlaced(store, [note.delivery.id])).length > 0;
    }
  }
  return true;
};

type Closing = 'done' | 'not waiting' | 'not closing';

const closeSome = (
  store: ActionTable,
  note: Note,
  { from, isNoted }: { readonly from: number; readonly isNoted: boolean },
): Promise<Closing> => {
  const isLast = from + atOnce >= note.members.length;
  return reviseMembers<Closing>(store, note, from, (draft, members) => {
    const digest = note.delivery.id;
    const open = members.filter(({ delivery }) => delivery.digest !== digest || delivery.status !== 'digested');
    if (open.some(({ delivery }) => !isWaiting(delivery.status))) return { result: 'not waiting' };
    for (const { delivery, position } of open)
      draft.put({ position, was: delivery.status, delivery: { ...delivery, status: 'digested', digest } });
    if (isLast) draft.add({ delivery: note.delivery, position: note.position });
    return {
      result: 'done',
      also: isNoted ? [whileNoted(store, note, { phase: 'closing', isLast })] : [],
      refused: ([verdict]) => (isNoted && verdict?.held === false ? 'not closing' : undefined),
    };
  });
};

/** Nothing to undo is fine: then somebody else has done it, or the digest is in. */
const undo = async (store: ActionTable, note: Note): Promise<void> => {
  for (let from = 0; from < note.members.length; from += atOnce) {
    const isLast = from + atOnce >= note.members.length;
    const outcome = await reviseMembers<'done' | 'not undoing'>(store, note, from, (draft, members) => {
      for (const { delivery, position, was } of members) {
        const { digest, ...rest } = delivery;
        if (digest === note.delivery.id && delivery.status === 'digested')
          draft.put({ position, delivery: { ...rest, status: was ?? 'retry' } });
      }
      return {
        result: 'done',
        also: [whileNoted(store, note, { phase: 'undoing', isLast })],
        refused: ([verdict]) => (verdict?.held === false ? 'not undoing' : undefined),
      };
    });
    if (outcome === 'not undoing') return;
  }
};

const reviseMembers = async <T>(
  store: ActionTable,
  note: Note,
  from: number,
  decide: (draft: Draft, members: readonly Placed[]) => Revision<T>,
): Promise<T> => {
  const ids = note.members.slice(from, from + atOnce);
  const members = await readPlaced(store, ids);
  const lanes = [...members.map(({ delivery }) => delivery), note.delivery].map((each) =>
    laneRefOf(store.tenant, each),
  );
  return revise(store, 'put alerts together', { lanes, ids: () => [...ids, note.delivery.id] }, (draft) =>
    decide(
      draft,
      ids.flatMap((id) => draft.find(id) ?? []),
    ),
  );
};

const noteKey = (store: ActionTable, { delivery }: Note): Item =>
  keyOf(partitionOf('channel', store.tenant, delivery.channel), `DIGEST#${delivery.id}`);

const writeNote = async (store: ActionTable, note: Note): Promise<void> => {
  const { partitionKey, sortKey } = table.indexes.due;
  const body = deflateJson(note);
  if (body.length > mostPartBytes)
    throw new PipelineError('STORE_FULL', `a digest for ${note.delivery.channel} is too long`, { retryable: false });
  const Item = {
    ...noteKey(store, note),
    body: { B: body },
    phase: { S: 'closing' },
    [partitionKey]: { S: shardOf('channel', store.tenant, note.delivery.id) },
    [sortKey]: { N: String(instantOf(note.position)) },
  };
  // there already: the same digest, begun by somebody else
  await transact(store, 'begin a digest', [{ Put: { TableName: store.name, Item, ...absent } }]);
};

const turnToUndoing = async (store: ActionTable, note: Note): Promise<void> => {
  const update = {
    TableName: store.name,
    Key: noteKey(store, note),
    UpdateExpression: 'SET #phase = :undoing',
    ConditionExpression: 'attribute_exists(#phase)',
    ExpressionAttributeNames: { '#phase': 'phase' },
    ExpressionAttributeValues: { ':undoing': { S: 'undoing' satisfies Phase } },
  };
  await transact(store, 'undo a digest', [{ Update: update }]);
};

/** Goes on only in this phase; the last step takes the note away. */
const whileNoted = (
  store: ActionTable,
  note: Note,
  { phase, isLast }: { readonly phase: Phase; readonly isLast: boolean },
): TransactWriteItem => {
  const condition = {
    TableName: store.name,
    Key: noteKey(store, note),
    ConditionExpression: '#phase = :phase',
    ExpressionAttributeNames: { '#phase': 'phase' },
    ExpressionAttributeValues: { ':phase': { S: phase } },
  };
  return isLast ? { Delete: condition } : { ConditionCheck: condition };
};
