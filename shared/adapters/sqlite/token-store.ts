import * as z from 'zod';
import type { TokenStore } from '../../ports/token-store.ts';
import type { Database } from './database.ts';

export const tokenSchema: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS crm_tokens (
    connection TEXT PRIMARY KEY, token TEXT, holder TEXT, leased_until INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
];

const Token = z.object({ accessToken: z.string(), expiresAt: z.number(), extra: z.record(z.string(), z.string()) });

/** Tokens in the node's own file (mode 0600): a restart does not mint new ones. */
export const sqliteTokenStore = (db: Database): TokenStore => ({
  find: async (connection) => {
    const row = db.prepare('SELECT token FROM crm_tokens WHERE connection = ?').get(connection);
    return typeof row?.['token'] === 'string' ? Token.parse(JSON.parse(row['token'])) : undefined;
  },
  save: async (connection, token) => {
    db.prepare(
      `INSERT INTO crm_tokens (connection, token) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET token = excluded.token, leased_until = 0`,
    ).run(connection, JSON.stringify(token));
  },
  acquireLease: async (connection, holder, now, leaseMs) =>
    db
      .prepare(
        `INSERT INTO crm_tokens (connection, holder, leased_until) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET holder = ?2, leased_until = ?3 WHERE leased_until <= ?4 OR holder = ?2`,
      )
      .run(connection, holder, now + leaseMs, now).changes > 0,
});
