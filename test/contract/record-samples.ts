import { expect } from 'vitest';
import type { Hint } from '#shared/domain/hint.ts';
import { ConnectionId, type TenantId } from '#shared/domain/ids.ts';
import type { RecordRef } from '#shared/domain/record.ts';
import { type RecordItem, unknownRecord } from '#shared/domain/record-item.ts';
import type {
  ConnectionAccount,
  HintOutcome,
  InboxHint,
  RecordStore,
  ResolveCommit,
  ResolvedHint,
} from '#shared/ports/record-store.ts';
import { acme, customerOf, firstInstant } from './customer-states.ts';

export interface RecordStoreTraits {
  /**
   * Whose the log is. The store's own counts a hint as received when its intake takes it, and knows what waits on the stream; a
   * foreign one counts what was taken off it, and can be created anew.
   */
  readonly log: 'own' | 'foreign';
}

/** One store, empty at first. */
export interface RecordStoreGround {
  readonly store: RecordStore;
  /** Takes hints in and counts them as received, as an intake of the store's own does. The nth has offset n − 1 on partition 0. */
  readonly receive: (hints: readonly Hint[]) => Promise<void>;
  /** A further client of the same store, as another process or a restart would open it. */
  readonly another: () => Promise<RecordStore>;
  readonly close: () => Promise<void>;
}

export const zoho = ConnectionId.parse('zoho-eu');
export const erp = ConnectionId.parse('erp');
export const refOf = (id: string, connection = zoho): RecordRef => ({ connection, object: 'Accounts', id });
export const hintOf = ({ connection, object, id }: RecordRef): Hint => ({
  tenant: acme,
  connection,
  object,
  id,
  operation: 'upsert',
  delivery: `delivery of ${id}`,
  receivedAt: firstInstant,
});
export const itemOf = (id: string, changes: Partial<RecordItem> = {}): RecordItem => ({
  ...unknownRecord(acme, refOf(id)),
  itemVersion: 1,
  customer: customerOf(id),
  version: { assignment: 1, source: firstInstant - 1_000, read: firstInstant },
  hash: 'abc123',
  recentDeliveries: ['d1', 'd2'],
  ...changes,
});
export const owing = (at: number) => [{ key: 'k', value: '{"a":1}', at }];
/** The log stamps what is appended, a millisecond each. */
export const appendedAt = (offset: number): number => firstInstant + offset;
export const nothing: ResolveCommit = {
  partition: 0,
  records: [],
  inbox: [],
  hints: [],
  upTo: -1,
  upToAt: firstInstant,
};
export const upTo = (offset: number): Pick<ResolveCommit, 'upTo' | 'upToAt'> => ({
  upTo: offset,
  upToAt: appendedAt(offset),
});
export const resolved = (offset: number, outcome: HintOutcome = 'resolved', connection = zoho): ResolvedHint => ({
  connection,
  offset,
  appendedAt: appendedAt(offset),
  outcome,
});
export const thin = (id: string, offset: number, at = firstInstant + offset, connection = zoho): InboxHint => ({
  record: refOf(id, connection),
  offset,
  appendedAt: appendedAt(offset),
  at,
  retryAt: 1_000,
});

export const accountOf = async (
  store: RecordStore,
  connection = zoho,
  tenant: TenantId = acme,
): Promise<ConnectionAccount> => {
  const account = (await store.readAccounts(tenant)).find((each) => each.connection === connection);
  return account ?? expect.fail(`no account of ${connection}`);
};

export const total = (account: ConnectionAccount): number =>
  [account.resolved, account.coalesced, account.deduplicated, account.waiting]
    .concat(Object.values(account.rejected), Object.values(account.dead))
    .reduce((sum, hints) => sum + hints, 0);
