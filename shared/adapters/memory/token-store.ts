import type { SharedToken, TokenStore } from '../../ports/token-store.ts';

/** Tokens of one process: for a single node, and for tests. A restart mints anew. */
export const memoryTokenStore = (): TokenStore => {
  const tokens = new Map<string, SharedToken>();
  const leases = new Map<string, { readonly holder: string; readonly until: number }>();
  return {
    find: async (connection) => tokens.get(connection),
    save: async (connection, token) => {
      tokens.set(connection, token);
      leases.delete(connection);
    },
    acquireLease: async (connection, holder, now, leaseMs) => {
      const lease = leases.get(connection);
      if (lease !== undefined && lease.holder !== holder && lease.until > now) return false;
      leases.set(connection, { holder, until: now + leaseMs });
      return true;
    },
  };
};
