import { limits } from '../../definitions/limits.ts';
import { attemptOf, type Delivery, recoverAttempt } from '../../domain/delivery.ts';
import type { Pace } from '../../domain/delivery-schedule.ts';
import { CustomerId, type TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { ActionStore, Clocks } from '../../ports/action-store.ts';
import { changedRow, readDeliveries, supersedeGrades, updateDelivery } from './action-store-rows.ts';
import type { Database, Row } from './database.ts';

/** Nothing of its lane that was decided before still waits or is in flight. */
const headOfLane = `NOT EXISTS (SELECT 1 FROM action_delivery o
  WHERE o.tenant = d.tenant AND o.lane = d.lane AND o.phase > 0 AND o.position < d.position)`;
const enabled = 'NOT EXISTS (SELECT 1 FROM action_channel c WHERE c.tenant = d.tenant AND c.channel = d.channel)';

/** Who takes what, for how long: the part of acting on one SQLite file that several callers at once rely on. */
export const sqliteActionClaims = (
  db: Database,
  tenant: TenantId,
): Pick<ActionStore, 'claimDue' | 'claimSending' | 'recover'> => {
  const write = (delivery: Delivery): void => {
    db.prepare(updateDelivery).run(...changedRow(tenant, delivery));
  };

  const claimWindows = ({ business, wall }: Clocks, limit: number): string[] => {
    const due = db
      .prepare(
        'SELECT customer FROM action_state WHERE tenant = ? AND due_at <= ? AND claimed_until <= ? ORDER BY due_at, customer LIMIT ?',
      )
      .all(tenant, business, wall, limit)
      .map(customerOf);
    const claim = db.prepare('UPDATE action_state SET claimed_until = ? WHERE tenant = ? AND customer = ?');
    for (const customer of due) claim.run(wall + limits.dueClaimMs, tenant, customer);
    return due;
  };

  const claimDeliveries = (wall: Instant, limit: number): string[] => {
    const due = db
      .prepare(
        `SELECT d.position, d.customer FROM action_delivery d WHERE d.tenant = ? AND d.phase = 1 AND d.due_at <= ? AND d.claimed_until <= ?
         AND ${enabled} AND ${headOfLane} ORDER BY d.due_at, d.position LIMIT ?`,
      )
      .all(tenant, wall, wall, limit);
    const claim = db.prepare('UPDATE action_delivery SET claimed_until = ? WHERE position = ?');
    for (const row of due) claim.run(wall + limits.dueClaimMs, Number(row['position']));
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

  const giveClaimsUp = (madeBefore: Instant): void => {
    const until = madeBefore + limits.dueClaimMs;
    for (const waiting of [
      'action_delivery SET claimed_until = 0 WHERE phase = 1',
      'action_state SET claimed_until = 0 WHERE due_at IS NOT NULL',
    ])
      db.prepare(`UPDATE ${waiting} AND tenant = ? AND claimed_until BETWEEN 1 AND ?`).run(tenant, until);
  };

  return {
    claimDue: async (now, limit) =>
      db.transaction(() => {
        const ended = claimWindows(now, limit);
        const waiting = claimDeliveries(now.wall, limit - ended.length);
        const customers = new Set([...ended, ...waiting]);
        return [...customers].map((customer) => ({ customer: CustomerId.parse(customer), asOf: now.business }));
      }, 'ordered'),

    claimSending: async ({ channel, wallNow, limit, pace }) =>
      db.transaction(() => {
        if (isDisabled(channel)) return [];
        const allowed = pace === undefined ? limit : Math.min(limit, allowance(channel, pace, wallNow));
        const claimed = readDeliveries(
          db,
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

    recover: async ({ wallNow, startedBefore, resends }) =>
      db.transaction(() => {
        // the index of open lanes is small, whatever lies at rest
        const left = readDeliveries(
          db,
          'SELECT * FROM action_delivery INDEXED BY action_delivery_lane WHERE tenant = ? AND phase > 0 AND phase = 2 AND sent_at <= ? ORDER BY position',
          tenant,
          startedBefore,
        );
        for (const delivery of left) {
          write(recoverAttempt(delivery, wallNow, resends(delivery.channel)));
          if (delivery.content.kind === 'grade') supersedeGrades(db, tenant, delivery.customer);
        }
        giveClaimsUp(startedBefore);
        return left.length;
      }),
  };
};

const customerOf = (row: Row): string => String(row['customer']);
