import type { CustomerState } from '#shared/domain/customer-state.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import type { DeliveryCount } from '#shared/ports/action-store.ts';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import type { Cluster } from './open-cluster.ts';
import { shopDecidesAgain } from './shop-decides-again.ts';

/** By customer what must be equal on every engine, as text. */
export type Facts = ReadonlyMap<string, string>;

export interface Announcement {
  readonly id: string;
  readonly channel: string;
  readonly rule: string;
  readonly change: string;
}

export interface ClusterOutcome {
  readonly customers: Facts;
  readonly ledgerEntries: number;
  readonly ledgerFaults: number;
  /** Ids of all changes in the ledgers. */
  readonly changes: readonly string[];
  readonly announcements: readonly Announcement[];
  /** Customers whose settled rule announced something else than the grade they hold. */
  readonly unsettled: readonly string[];
  readonly accounts: readonly ConnectionAccount[];
  readonly deliveries: readonly DeliveryCount[];
}

/**
 * Profile, scores and grades of everyone who has a record or a grade. Versions carry the instants at which a run read things: these
 * differ, what was said does not. That a record stood with a customer once is not compared: where an older version comes behind a newer
 * one (from the spill, or in one batch with it), the customer whom only the older one named never hears of the record.
 */
export const factsOf = (states: ReadonlyMap<CustomerId, CustomerState>): Facts =>
  new Map(
    [...states].flatMap(([customer, { records, grades }]) => {
      const held = [...records]
        .filter(([, { retracted }]) => !retracted)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, { version, attributes, facts }]) => [key, version.source, attributes, facts]);
      const graded = Object.entries(grades).map(([model, { grade, score, tags }]) => [model, grade, score, tags]);
      const isEmpty = held.length === 0 && Object.values(grades).every(({ grade }) => grade === null);
      return isEmpty ? [] : [[customer, JSON.stringify({ records: held, grades: graded })] as const];
    }),
  );

export const readCluster = async (cluster: Cluster): Promise<ClusterOutcome> => {
  const { tenant, customers: store, actions } = cluster;
  const ids = await cluster.listAll();
  const states = await store.findAll(tenant, ids);
  const acting = await actions.findStates(ids);
  const changes: string[] = [];
  const announcements: Announcement[] = [];
  const unsettled: string[] = [];
  let ledgerFaults = 0;
  for (const [customer, state] of states) {
    const ledger = await store.readLedger(tenant, customer);
    ledgerFaults += verifyLedger(ledger, state.ledger, state.ledgerKey, hashing, shopDecidesAgain()).faults.length;
    changes.push(...ledger.map(({ seq }) => `${customer}#${seq}`));
    for (const { id, channel, rule, change } of await actions.listDeliveries(customer, 10_000))
      announcements.push({ id, channel, rule, change });
    const held = Object.values(state.grades)[0]?.grade ?? null;
    const settled = Object.entries(acting.get(customer)?.announced ?? {}).find(([rule]) => rule.endsWith('settled'));
    if ((settled?.[1].grade ?? null) !== held) unsettled.push(customer);
  }
  return {
    customers: factsOf(states),
    ledgerEntries: changes.length,
    ledgerFaults,
    changes,
    announcements,
    unsettled,
    accounts: await cluster.records.readAccounts(tenant),
    deliveries: await actions.countDeliveries(),
  };
};
