import { limits } from '../../definitions/limits.ts';
import { ActionState, windowsDueAt } from '../../domain/action.ts';
import { type Delivery, DeliveryStatus } from '../../domain/delivery.ts';
import type { TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ActionCommit, ActionStore } from '../../ports/action-store.ts';
import { sqliteActionClaims } from './action-store-claims.ts';
import {
  changedRow,
  insertDelivery,
  newRow,
  readDeliveries,
  supersedeGrades,
  updateDelivery,
} from './action-store-rows.ts';
import type { Database, Value } from './database.ts';

/** Acting on one SQLite file, whose schema has `actionSchema`. Synchronous inside: a method never interleaves with another. */
export const sqliteActionStore = (db: Database, tenant: TenantId): ActionStore => {
  const deliveries = (sql: string, ...values: Value[]): readonly Delivery[] => readDeliveries(db, sql, ...values);
  const find = (id: string): Delivery | undefined =>
    deliveries('SELECT * FROM action_delivery WHERE tenant = ? AND id = ?', tenant, id)[0];
  const write = (delivery: Delivery): void => {
    db.prepare(updateDelivery).run(...changedRow(tenant, delivery));
  };

  const commitOne = ({ next, deliveries: added }: ActionCommit, wallNow: Instant): boolean => {
    const due = windowsDueAt(next) ?? null;
    const body = JSON.stringify(next);
    const { changes } =
      next.version === 1
        ? db
            .prepare(
              'INSERT INTO action_state (tenant, customer, version, due_at, body) VALUES (?, ?, 1, ?, ?) ON CONFLICT DO NOTHING',
            )
            .run(tenant, next.customer, due, body)
        : db
            .prepare(
              'UPDATE action_state SET version = ?, due_at = ?, claimed_until = 0, body = ? WHERE tenant = ? AND customer = ? AND version = ?',
            )
            .run(next.version, due, body, tenant, next.customer, next.version - 1);
    if (changes === 0) return false;
    for (const delivery of added)
      db.prepare(insertDelivery).run(...newRow(tenant, delivery, wallNow + limits.dueClaimMs));
    if (added.some(({ content }) => content.kind === 'grade')) supersedeGrades(db, tenant, next.customer);
    return true;
  };

  return {
    ...sqliteActionClaims(db, tenant),

    findStates: async (customers) => {
      const read = db.prepare('SELECT body FROM action_state WHERE tenant = ? AND customer = ?');
      const states = customers.flatMap((customer) => {
        const row = read.get(tenant, customer);
        return row === undefined ? [] : [ActionState.parse(JSON.parse(String(row['body'])))];
      });
      return new Map(states.map((state) => [state.customer, state]));
    },

    commitAll: async (commits, wallNow) =>
      // decided again from the topic if it is lost; only an attempt that begins must be on disk first
      db.transaction(
        () => commits.map((commit) => ({ outcome: commitOne(commit, wallNow) ? 'committed' : 'lost' })),
        'ordered',
      ),

    settle: async (results) =>
      db.transaction(() => {
        for (const result of results) {
          db.prepare(`${updateDelivery} AND attempts = ? AND status IN ('sending', 'unknown', 'held', 'dead')`).run(
            ...changedRow(tenant, result),
            result.attempts,
          );
          if (result.content.kind === 'grade') supersedeGrades(db, tenant, result.customer);
        }
        // lost in a power cut, an attempt counts as unknown: as it does when its answer is lost
      }, 'ordered'),

    findWaitingAlerts: async (channel, limit) =>
      deliveries(
        "SELECT * FROM action_delivery INDEXED BY action_delivery_waiting WHERE tenant = ? AND channel = ? AND phase = 1 AND kind = 'alert' ORDER BY position LIMIT ?",
        tenant,
        channel,
        limit,
      ),

    countWaitingAlerts: async (channel) =>
      Number(
        db
          .prepare(
            "SELECT count(*) AS n FROM action_delivery INDEXED BY action_delivery_waiting WHERE tenant = ? AND channel = ? AND phase = 1 AND kind = 'alert'",
          )
          .get(tenant, channel)?.['n'],
      ),

    commitDigest: async ({ delivery, members }) =>
      db.transaction(() => {
        const waiting = db.prepare('SELECT phase FROM action_delivery WHERE tenant = ? AND id = ?');
        if (members.some((id) => waiting.get(tenant, id)?.['phase'] !== 1)) return false;
        const close = db.prepare(
          "UPDATE action_delivery SET phase = 0, status = 'digested', digest = ? WHERE tenant = ? AND id = ?",
        );
        for (const id of members) close.run(delivery.id, tenant, id);
        db.prepare(insertDelivery).run(...newRow(tenant, delivery, 0));
        return true;
      }),

    disableChannel: async ({ channel, reason, since }) => {
      db.prepare('INSERT INTO action_channel VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
        tenant,
        channel,
        reason,
        since,
      );
    },
    enableChannel: async (channel) => {
      db.prepare('DELETE FROM action_channel WHERE tenant = ? AND channel = ?').run(tenant, channel);
    },
    readDisabledChannels: async () =>
      db
        .prepare('SELECT channel, reason, since FROM action_channel WHERE tenant = ? ORDER BY channel')
        .all(tenant)
        .map((row) => ({
          channel: String(row['channel']),
          reason: String(row['reason']),
          since: Number(row['since']),
        })),

    release: async (ids, wallNow) =>
      db.transaction(() => {
        const free = ids.map(find).filter((delivery) => delivery?.status === 'held' || delivery?.status === 'dead');
        for (const delivery of free)
          if (delivery !== undefined) write({ ...delivery, status: 'retry', attempts: 0, dueAt: wallNow });
        for (const customer of new Set(free.map((delivery) => delivery?.customer)))
          if (customer !== undefined) supersedeGrades(db, tenant, customer);
        return free.length;
      }),

    findDeliveries: async (ids) => ids.map(find).filter((delivery) => delivery !== undefined),
    listDeliveries: async (customer, limit) =>
      deliveries(
        'SELECT * FROM action_delivery WHERE tenant = ? AND customer = ? ORDER BY position DESC LIMIT ?',
        tenant,
        customer,
        limit,
      ),
    countDeliveries: async () =>
      db
        .prepare(
          `SELECT channel, status, count(*) AS n, sum(unknowns) AS unknowns FROM action_delivery WHERE tenant = ?
           GROUP BY channel, status ORDER BY channel, status`,
        )
        .all(tenant)
        .map((row) => ({
          channel: String(row['channel']),
          status: DeliveryStatus.parse(row['status']),
          deliveries: Number(row['n']),
          unknowns: Number(row['unknowns']),
        })),
  };
};
