import * as z from 'zod';
import type { Instant } from '../../domain/instant.ts';
import { Pending } from '../../domain/pending.ts';
import type { Database } from './database.ts';
import { readStored } from './sqlite-failure.ts';

/** One row per commit that owes something, deleted when all of it is published: the table is empty but for a moment. */
export const owedSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS owed_messages (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, tenant TEXT NOT NULL, owed TEXT NOT NULL)`,
];

const Owed = z.array(
  z.object({
    key: z.string(),
    version: z.int(),
    pending: z.array(Pending),
  }),
);

export interface OwedBy {
  /** The item that owes, and the version of it that decided so. */
  readonly key: string;
  readonly version: number;
  readonly pending: readonly Pending[];
}

export interface OwedMessages {
  /** To be called inside the transaction that writes the items; what it returns, after that transaction is committed. */
  write(tenant: string, written: readonly OwedBy[]): () => void;
  of(tenant: string, key: string): readonly Pending[];
  markPublished(tenant: string, published: readonly Pick<OwedBy, 'key' | 'version'>[]): void;
  /** Keys that owe something of before an instant, oldest first. */
  owingSince(tenant: string, before: Instant, limit: number): readonly string[];
}

const sinceOf = ({ pending }: OwedBy): Instant => pending[0]?.at ?? Number.POSITIVE_INFINITY;

interface Held extends OwedBy {
  readonly row: number;
}

/**
 * The pending lists of items, kept apart from them: written in the same transaction, but as one row per commit, so that an
 * item is not written a second time only to say that its messages are out. Held in memory as well: this process is the
 * one writer, and what an earlier one left is loaded at the start.
 */
export const owedMessages = (db: Database, kind: 'record' | 'customer'): OwedMessages => {
  const insert = db.prepare('INSERT INTO owed_messages (kind, tenant, owed) VALUES (?, ?, ?) RETURNING id');
  const remove = db.prepare('DELETE FROM owed_messages WHERE id = ?');
  const held = new Map<string, Held>();
  const open = new Map<number, number>();
  const nameOf = (tenant: string, key: string): string => `${tenant} ${key}`;

  const hold = (tenant: string, row: number, owed: readonly OwedBy[]): void => {
    open.set(row, owed.length);
    for (const one of owed) {
      const before = held.get(nameOf(tenant, one.key));
      if (before !== undefined) release(before.row);
      held.set(nameOf(tenant, one.key), { ...one, row });
    }
  };
  const release = (row: number): void => {
    const left = (open.get(row) ?? 1) - 1;
    open.set(row, left);
    if (left > 0) return;
    open.delete(row);
    db.defer(() => remove.run(row));
  };
  for (const row of db.prepare('SELECT id, tenant, owed FROM owed_messages WHERE kind = ? ORDER BY id').all(kind))
    hold(
      String(row['tenant']),
      Number(row['id']),
      readStored('owed messages', () => Owed.parse(JSON.parse(String(row['owed'])))),
    );

  return {
    write: (tenant, written) => {
      const owing = written.filter(({ pending }) => pending.length > 0);
      const row = owing.length === 0 ? undefined : Number(insert.get(kind, tenant, JSON.stringify(owing))?.['id']);
      return () => {
        // an item written again owes only what it says now: what it owed before was published first
        for (const { key, pending } of written) if (pending.length === 0) drop(tenant, key);
        if (row !== undefined) hold(tenant, row, owing);
      };
    },
    of: (tenant, key) => held.get(nameOf(tenant, key))?.pending ?? [],
    markPublished: (tenant, published) => {
      for (const { key, version } of published)
        if (held.get(nameOf(tenant, key))?.version === version) drop(tenant, key);
    },
    owingSince: (tenant, before, limit) =>
      [...held]
        .filter(([name, one]) => name.startsWith(`${tenant} `) && sinceOf(one) < before)
        .map(([, one]) => one)
        .sort((a, b) => sinceOf(a) - sinceOf(b))
        .slice(0, limit)
        .map(({ key }) => key),
  };

  function drop(tenant: string, key: string): void {
    const known = held.get(nameOf(tenant, key));
    if (known === undefined) return;
    held.delete(nameOf(tenant, key));
    release(known.row);
  }
};
