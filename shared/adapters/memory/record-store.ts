import type { ConnectionId, TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { recordKeyOf } from '../../domain/record.ts';
import type { RecordItem } from '../../domain/record-item.ts';
import type { InboxHint, InboxItem, ReadBackCommit, RecordStore, ResolveCommit } from '../../ports/record-store.ts';
import { type Accounts, countHint, emptyAccounts, readAccounts } from './record-accounts.ts';

export interface MemoryRecordStore extends RecordStore {
  /** Counts hints as received, one of this connection each: what an intake does when it has made them durable. */
  receive(tenant: TenantId, connections: readonly ConnectionId[]): void;
}

interface Holding {
  readonly items: Map<string, RecordItem>;
  readonly inbox: Map<string, InboxItem>;
  readonly accounts: Accounts;
  /** By partition the highest offset counted. */
  readonly counted: Map<number, number>;
}

/** Record items, inbox and accounts that live as long as the object: for tests, and for trying things out. */
export const memoryRecordStore = (): MemoryRecordStore => {
  const tenants = new Map<TenantId, Holding>();
  const held = (tenant: TenantId): Holding => {
    const known = tenants.get(tenant) ?? {
      items: new Map(),
      inbox: new Map(),
      accounts: emptyAccounts(),
      counted: new Map(),
    };
    tenants.set(tenant, known);
    return known;
  };
  return {
    receive: (tenant, connections) => {
      for (const connection of connections) countHint(held(tenant).accounts, connection, { outcome: 'received' });
    },
    findAll: async (tenant, records) => {
      const { items } = held(tenant);
      return new Map(
        records.flatMap((record) => {
          const item = items.get(recordKeyOf(record));
          return item === undefined ? [] : [[recordKeyOf(record), item] as const];
        }),
      );
    },
    commitResolved: async (tenant, commit) => commitResolved(held(tenant), tenant, commit),
    commitReadBack: async (tenant, commit) => commitReadBack(held(tenant), commit),
    markPublished: async (tenant, published) => {
      const { items } = held(tenant);
      for (const { record, itemVersion } of published) {
        const item = items.get(recordKeyOf(record));
        if (item?.itemVersion === itemVersion) items.set(recordKeyOf(record), { ...item, pending: [] });
      }
    },
    findUnpublished: async (tenant, before, limit) =>
      [...held(tenant).items.values()]
        .filter((item) => owedSince(item) < before)
        .sort((a, b) => owedSince(a) - owedSince(b))
        .slice(0, limit)
        .map(({ record }) => record),
    findWaiting: async (tenant, connection, wallNow, limit) =>
      [...held(tenant).inbox.values()]
        .filter(({ record, retryAt }) => record.connection === connection && retryAt <= wallNow)
        .sort((a, b) => a.firstHintAt - b.firstHintAt)
        .slice(0, limit),
    postpone: async (tenant, records, retryAt) => {
      const { inbox } = held(tenant);
      for (const key of records.map(recordKeyOf)) {
        const item = inbox.get(key);
        if (item !== undefined) inbox.set(key, { ...item, retryAt, attempts: item.attempts + 1 });
      }
    },
    readAccounts: async (tenant) => readAccounts(held(tenant).accounts, [...held(tenant).inbox.values()]),
  };
};

/** Never, where nothing is owed. */
const owedSince = ({ pending }: RecordItem): Instant => pending[0]?.at ?? Number.POSITIVE_INFINITY;

/** Returns the keys of those that do not follow what is stored. */
const putAll = (items: Map<string, RecordItem>, puts: readonly RecordItem[]): readonly string[] => {
  const lost: string[] = [];
  for (const item of puts) {
    const key = recordKeyOf(item.record);
    if (item.itemVersion === (items.get(key)?.itemVersion ?? 0) + 1) items.set(key, item);
    else lost.push(key);
  }
  return lost;
};

const commitResolved = (holding: Holding, tenant: TenantId, commit: ResolveCommit): readonly string[] => {
  const { items, inbox, accounts, counted } = holding;
  const before = counted.get(commit.partition) ?? -1;
  const lost = putAll(items, commit.records);
  for (const hint of commit.inbox) {
    if (hint.offset <= before) continue;
    refresh(inbox, tenant, hint);
    countHint(accounts, hint.record.connection, { outcome: 'waiting' });
  }
  for (const hint of commit.hints) if (hint.offset > before) countHint(accounts, hint.connection, hint);
  counted.set(commit.partition, Math.max(before, commit.upTo));
  return lost;
};

/** A newer hint does not bring a record forward that was put off: its CRM is no readier for it. */
const refresh = (inbox: Map<string, InboxItem>, tenant: TenantId, { record, at, retryAt }: InboxHint): void => {
  const key = recordKeyOf(record);
  const known = inbox.get(key);
  const first: InboxItem = {
    tenant,
    record,
    sequence: 1,
    hints: 1,
    firstHintAt: at,
    lastHintAt: at,
    retryAt,
    attempts: 0,
  };
  const next =
    known === undefined
      ? first
      : { ...known, sequence: known.sequence + 1, hints: known.hints + 1, lastHintAt: Math.max(known.lastHintAt, at) };
  inbox.set(key, next);
};

const commitReadBack = ({ items, inbox, accounts }: Holding, commit: ReadBackCommit): readonly string[] => {
  const lost = putAll(items, commit.records);
  for (const { record, sequence, outcome, reason } of commit.answered) {
    const key = recordKeyOf(record);
    const item = inbox.get(key);
    // refreshed since the read began: what was read may be older than the newest hint, so it is read again
    if (item === undefined || lost.includes(key) || item.sequence !== sequence) continue;
    inbox.delete(key);
    countHint(accounts, record.connection, reason === undefined ? { outcome } : { outcome, reason }, 'inbox');
    for (let more = 1; more < item.hints; more += 1)
      countHint(accounts, record.connection, { outcome: 'coalesced' }, 'inbox');
  }
  return lost;
};
