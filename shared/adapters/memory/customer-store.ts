import { limits } from '../../definitions/limits.ts';
import type { CustomerState } from '../../domain/customer-state.ts';
import type { CustomerId, TenantId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { LedgerEntry } from '../../domain/ledger.ts';
import type { CommitOutcome, CustomerCommit, CustomerStore, DueCustomer } from '../../ports/customer-store.ts';

interface Held {
  readonly state: CustomerState;
  readonly ledger: readonly LedgerEntry[];
  /** When the due instant of this state was claimed last. */
  readonly claimedAt: Instant | undefined;
}

/** Customers that live as long as the object: for tests, and for trying things out. */
export const memoryCustomerStore = (): CustomerStore => {
  const tenants = new Map<TenantId, Map<CustomerId, Held>>();

  const customersOf = (tenant: TenantId): Map<CustomerId, Held> => {
    const known = tenants.get(tenant) ?? new Map<CustomerId, Held>();
    tenants.set(tenant, known);
    return known;
  };

  return {
    findAll: async (tenant, customers) => {
      const held = customersOf(tenant);
      const found = new Map<CustomerId, CustomerState>();
      for (const customer of customers) {
        const state = held.get(customer)?.state;
        if (state !== undefined) found.set(customer, state);
      }
      return found;
    },
    commitAll: async (commits) => commits.map((commit) => commitOne(customersOf(commit.next.tenant), commit)),
    markPublished: async (tenant, published) => {
      const held = customersOf(tenant);
      for (const { customer, version } of published) {
        const known = held.get(customer);
        if (known?.state.version === version) held.set(customer, { ...known, state: { ...known.state, pending: [] } });
      }
    },
    findUnpublished: async (tenant, before, limit) =>
      [...customersOf(tenant).values()]
        .filter((held) => owedSince(held) < before)
        .sort((a, b) => owedSince(a) - owedSince(b))
        .slice(0, limit)
        .map(({ state }) => state.customer),
    claimDue: async (tenant, now, limit) => {
      const held = customersOf(tenant);
      const claimed = claimable(held, now).slice(0, limit);
      for (const { customer } of claimed) {
        const known = held.get(customer);
        if (known !== undefined) held.set(customer, { ...known, claimedAt: now });
      }
      return claimed;
    },
    listCustomers: async (tenant, after, limit) => {
      const rest = [...customersOf(tenant).keys()].sort().filter((customer) => after === undefined || customer > after);
      const customers = rest.slice(0, limit);
      return { customers, next: rest.length > limit ? customers.at(-1) : undefined };
    },
    readLedger: async (tenant, customer) => customersOf(tenant).get(customer)?.ledger ?? [],
  };
};

/** Never, where nothing is owed. */
const owedSince = ({ state }: Held): Instant => state.pending[0]?.at ?? Number.POSITIVE_INFINITY;

const commitOne = (held: Map<CustomerId, Held>, { next, entries }: CustomerCommit): CommitOutcome => {
  const known = held.get(next.customer);
  if (next.version !== (known?.state.version ?? 0) + 1)
    return known === undefined ? { outcome: 'lost' } : { outcome: 'lost', stored: known.state };
  const claimedAt = next.due === known?.state.due ? known?.claimedAt : undefined;
  held.set(next.customer, { state: next, ledger: [...(known?.ledger ?? []), ...entries], claimedAt });
  return { outcome: 'committed' };
};

const claimable = (held: ReadonlyMap<CustomerId, Held>, now: Instant): DueCustomer[] => {
  const due: DueCustomer[] = [];
  for (const { state, claimedAt } of held.values()) {
    const free = claimedAt === undefined || now - claimedAt >= limits.dueClaimMs;
    if (free && state.due !== undefined && state.due <= now) due.push({ customer: state.customer, due: state.due });
  }
  return due.sort((a, b) => a.due - b.due);
};
