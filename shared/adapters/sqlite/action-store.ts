import { limits } from '../../definitions/limits.ts';
import { ActionState, windowsDueAt } from '../../domain/action.ts';
import { attemptOf, type Delivery, DeliveryStatus, type Pace, recoverAttempt } from '../../domain/delivery.ts';
import { CustomerId, type TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ActionCommit, ActionStore, Clocks } from '../../ports/action-store.ts';
import { changedRow, deliveryOf, insertDelivery, newRow, updateDelivery } from './action-store-rows.ts';
import type { Database, Row } from './database.ts';

/** Nothing of its lane that was decided before still waits or is in flight. */
const headOfLane = `NOT EXISTS (SELECT 1 FROM action_delivery o
  WHERE o.tenant = d.tenant AND o.lane = d.lane AND o.phase > 0 AND o.position < d.position)`;
const enabled = 'NOT EXISTS (SELECT 1 FROM action_channel c WHERE c.tenant = d.tenant AND c.channel = d.channel)';
/** A grade that waits or is held while a newer write of the same customer, rule and channel is there. */
const outdated = `kind = 'grade' AND status IN ('pending', 'retry', 'unknown', 'held') AND EXISTS (SELECT 1 FROM action_delivery n
  WHERE n.tenant = action_delivery.tenant AND n.customer = action_delivery.customer AND n.position > action_delivery.position
  AND n.kind = 'grade' AND n.channel = action_delivery.channel AND n.rule = action_delivery.rule)`;

/** Acting on one SQLite file, whose schema has `actionSchema`. Synchronous inside: a method never interleaves with another. */
export const sqliteActionStore = (db: Database, tenant: TenantId): ActionStore => {
  const deliveries = (sql: string, ...values: (string | number)[]): readonly Delivery[] =>
    db
      .prepare(sql)
      .all(...values)
      .map(deliveryOf);
  const find = (id: string): Delivery | undefined =>
    deliveries('SELECT * FROM action_delivery WHERE tenant = ? AND id = ?', tenant, id)[0];
  const write = (delivery: Delivery): void => {
    db.prepare(updateDelivery).run(...changedRow(tenant, delivery));
  };
  const supersede = (customer: string): void => {
    db.prepare(
      `UPDATE action_delivery SET phase = 0, status = 'superseded' WHERE tenant = ? AND customer = ? AND ${outdated}`,
    ).run(tenant, customer);
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
    if (added.some(({ content }) => content.kind === 'grade')) supersede(next.customer);
    return true;
  };

  const claimWindows = ({ business, wall }: Clocks, limit: number): string[] => {
    const due = db
      .prepare(
        'SELECT customer FROM action_state WHERE tenant = ? AND due_at <= ? AND claimed_until <= ? ORDER BY due_at, customer LIMIT ?',
      )
      .all(tenant, business, wall, limit)
      .map(customerOf);
    for (const customer of due)
      db.prepare('UPDATE action_state SET claimed_until = ? WHERE tenant = ? AND customer = ?').run(
        wall + limits.dueClaimMs,
        tenant,
        customer,
      );
    return due;
  };

  const claimDeliveries = (wall: Instant, limit: number): string[] => {
    const due = db
      .prepare(
        `SELECT d.position, d.customer FROM action_delivery d WHERE d.tenant = ? AND d.phase = 1 AND d.due_at <= ? AND d.claimed_until <= ?
         AND ${enabled} AND ${headOfLane} ORDER BY d.due_at, d.position LIMIT ?`,
      )
      .all(tenant, wall, wall, limit);
    for (const row of due)
      db.prepare('UPDATE action_delivery SET claimed_until = ? WHERE position = ?').run(
        wall + limits.dueClaimMs,
        Number(row['position']),
      );
    return due.map(customerOf);
  };

  /** How many may go now; when none, everything due is put off until one may. */
  const allowance = (channel: string, { sends, windowMs }: Pace, wallNow: Instant): number => {
    // rows from the future are left by a clock that was put back
    db.prepare('DELETE FROM action_pace WHERE tenant = ? AND channel = ? AND (sent_at <= ? OR sent_at > ?)').run(
      tenant,
      channel,
      wallNow - windowMs,
      wallNow,
    );
    const sent = db
      .prepare('SELECT sent_at FROM action_pace WHERE tenant = ? AND channel = ? ORDER BY sent_at DESC LIMIT ?')
      .all(tenant, channel, sends);
    if (sent.length < sends) return sends - sent.length;
    const free = Number(sent[sends - 1]?.['sent_at']) + windowMs;
    db.prepare(
      'UPDATE action_delivery SET due_at = ?, claimed_until = 0 WHERE tenant = ? AND channel = ? AND phase = 1 AND due_at <= ?',
    ).run(free, tenant, channel, wallNow);
    return 0;
  };

  const isDisabled = (channel: string): boolean =>
    db.prepare('SELECT 1 FROM action_channel WHERE tenant = ? AND channel = ?').get(tenant, channel) !== undefined;

  return {
    findStates: async (customers) => {
      const read = db.prepare('SELECT body FROM action_state WHERE tenant = ? AND customer = ?');
      const states = customers.flatMap((customer) => {
        const row = read.get(tenant, customer);
        return row === undefined ? [] : [ActionState.parse(JSON.parse(String(row['body'])))];
      });
      return new Map(states.map((state) => [state.customer, state]));
    },

    commitAll: async (commits, wallNow) =>
      db.transaction(() => commits.map((commit) => ({ outcome: commitOne(commit, wallNow) ? 'committed' : 'lost' }))),

    claimDue: async (now, limit) =>
      db.transaction(() => {
        const ended = claimWindows(now, limit);
        const waiting = claimDeliveries(now.wall, limit - ended.length);
        return [...new Set([...ended, ...waiting])].map((customer) => ({
          customer: CustomerId.parse(customer),
          asOf: now.business,
        }));
      }),

    claimSending: async ({ channel, wallNow, limit, pace }) =>
      db.transaction(() => {
        if (isDisabled(channel)) return [];
        const allowed = pace === undefined ? limit : Math.min(limit, allowance(channel, pace, wallNow));
        const claimed = deliveries(
          `SELECT d.* FROM action_delivery d WHERE d.tenant = ? AND d.channel = ? AND d.phase = 1 AND d.due_at <= ?
           AND ${headOfLane} ORDER BY d.due_at, d.position LIMIT ?`,
          tenant,
          channel,
          wallNow,
          allowed,
        ).map((delivery) => attemptOf(delivery, wallNow));
        for (const delivery of claimed) {
          write(delivery);
          if (pace !== undefined) db.prepare('INSERT INTO action_pace VALUES (?, ?, ?)').run(tenant, channel, wallNow);
        }
        return claimed;
      }),

    settle: async (results) =>
      db.transaction(() => {
        for (const result of results) {
          const stored = find(result.id);
          const answered =
            stored?.attempts === result.attempts && ['sending', 'unknown', 'held', 'dead'].includes(stored.status);
          if (answered) write(result);
          if (result.content.kind === 'grade') supersede(result.customer);
        }
      }),

    recover: async ({ wallNow, startedBefore, resends }) =>
      db.transaction(() => {
        const left = deliveries(
          'SELECT * FROM action_delivery WHERE tenant = ? AND phase = 2 AND sent_at <= ?',
          tenant,
          startedBefore,
        );
        for (const delivery of left) {
          write(recoverAttempt(delivery, wallNow, resends(delivery.channel)));
          if (delivery.content.kind === 'grade') supersede(delivery.customer);
        }
        const madeBefore = startedBefore + limits.dueClaimMs;
        db.prepare(
          'UPDATE action_delivery SET claimed_until = 0 WHERE tenant = ? AND phase = 1 AND claimed_until BETWEEN 1 AND ?',
        ).run(tenant, madeBefore);
        db.prepare(
          'UPDATE action_state SET claimed_until = 0 WHERE tenant = ? AND due_at IS NOT NULL AND claimed_until BETWEEN 1 AND ?',
        ).run(tenant, madeBefore);
        return left.length;
      }),

    findWaitingAlerts: async (channel, limit) =>
      deliveries(
        "SELECT * FROM action_delivery WHERE tenant = ? AND channel = ? AND phase = 1 AND kind = 'alert' ORDER BY position LIMIT ?",
        tenant,
        channel,
        limit,
      ),

    countWaitingAlerts: async (channel) =>
      Number(
        db
          .prepare(
            "SELECT count(*) AS n FROM action_delivery WHERE tenant = ? AND channel = ? AND phase = 1 AND kind = 'alert'",
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
          if (customer !== undefined) supersede(customer);
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

const customerOf = (row: Row): string => String(row['customer']);
