import { createHash } from 'node:crypto';
import * as z from 'zod';
import { table } from '../../../definitions/table.ts';
import { ActionState, windowsDueAt } from '../../../domain/action.ts';
import type { CustomerId, TenantId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/instant.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { keyOf, partitionOf, shardOf } from '../table/keys.ts';
import type { Item } from '../table/requests.ts';
import {
  deflateJson,
  inflateJson,
  mostPartBytes,
  readItem,
  storedBytes,
  storedJson,
  storedText,
} from '../table/stored-attributes.ts';

const { due: dueIndex } = table.indexes;

const ActionItem = z.object({
  body: storedBytes.transform((bytes) => inflateJson(ActionState, bytes)),
  added: storedText,
  owed: storedJson(z.array(z.string())).default([]),
});

/** What acting remembers of a customer, as it is stored. */
export interface StoredAction {
  readonly state: ActionState;
  /** Tells what the commit of this version brought. */
  readonly added: string;
  /** Deliveries of this version, written ahead, that are not in their lanes yet. */
  readonly owed: readonly string[];
}

export const actionKey = (tenant: TenantId, customer: CustomerId): Item =>
  keyOf(partitionOf('customer', tenant, customer), 'ACTION');

export const signatureOf = (ids: readonly string[]): string =>
  createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 32);

/** When somebody has to look at the customer: business time, or at once where something is owed. */
const dueOf = ({ state, owed }: StoredAction): Instant | undefined => (owed.length > 0 ? 0 : windowsDueAt(state));

/** @throws {PipelineError} `STORE_FULL`, not retryable. */
export const itemOfAction = (tenant: TenantId, stored: StoredAction): Item => {
  const { state, added, owed } = stored;
  const body = deflateJson(state);
  if (body.length > mostPartBytes)
    throw new PipelineError('STORE_FULL', `${state.customer} has more open windows than one item holds`, {
      retryable: false,
    });
  const due = dueOf(stored);
  return {
    ...actionKey(tenant, state.customer),
    version: { N: String(state.version) },
    body: { B: body },
    added: { S: added },
    ...(owed.length === 0 ? {} : { owed: { S: JSON.stringify(owed) } }),
    ...(due === undefined
      ? {}
      : {
          due: { N: String(due) },
          [dueIndex.partitionKey]: { S: shardOf('action', tenant, state.customer) },
          [dueIndex.sortKey]: { N: String(due) },
        }),
  };
};

export const actionOfItem = (item: Item): StoredAction => {
  const { body, added, owed } = readItem('state of acting', ActionItem, item);
  return { state: body, added, owed };
};
