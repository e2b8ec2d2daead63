import { join } from 'node:path';
import { sqliteActionStore } from '#shared/adapters/sqlite/action-store.ts';
import { sqliteCustomerStore } from '#shared/adapters/sqlite/customer-store.ts';
import { openForReading } from '#shared/adapters/sqlite/database.ts';
import { readAccounts } from '#shared/adapters/sqlite/record-accounts.ts';
import { CustomerId, TenantId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import type { DeliveryCount } from '#shared/ports/action-store.ts';
import type { ConnectionAccount } from '#shared/ports/record-store.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { shopDecidesAgain } from './shop-decides-again.ts';

export interface ShopOutcome {
  /** Per customer: records, grades, decision instant and the whole ledger, as text to compare byte for byte. */
  readonly customers: ReadonlyMap<string, string>;
  readonly ledgerEntries: number;
  readonly ledgerFaults: number;
  readonly accounts: readonly ConnectionAccount[];
  readonly deliveries: readonly DeliveryCount[];
}

/** Everything a run left behind. */
export const readShop = async (folder: string): Promise<ShopOutcome> => {
  const db = openForReading(join(folder, 'data', 'regrade.db'));
  const tenant = TenantId.parse('default');
  const store = sqliteCustomerStore(db);
  const ids = db
    .prepare('SELECT customer FROM customers ORDER BY customer')
    .all()
    .map((row) => CustomerId.parse(row['customer']));
  const states = await store.findAll(tenant, ids);
  const customers = new Map<string, string>();
  let ledgerEntries = 0;
  let ledgerFaults = 0;
  for (const [customer, state] of [...states].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ledger = await store.readLedger(tenant, customer);
    ledgerEntries += ledger.length;
    ledgerFaults += verifyLedger(ledger, state.ledger, state.ledgerKey, hashing, shopDecidesAgain()).faults.length;
    const { decidedAt, grades, due } = state;
    customers.set(
      customer,
      JSON.stringify({
        records: [...state.records].sort(([a], [b]) => (a < b ? -1 : 1)),
        decidedAt,
        grades,
        due,
        ledger,
      }),
    );
  }
  const accounts = readAccounts(db, tenant);
  const deliveries = await sqliteActionStore(db, tenant).countDeliveries();
  db.close();
  return { customers, ledgerEntries, ledgerFaults, accounts, deliveries };
};
