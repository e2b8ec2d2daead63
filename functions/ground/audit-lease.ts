import type { ReadLeaseDeps } from './read-lease.ts';

const leaseMs = 10 * 60_000;

/** True for the one of all instances that may go on with the audit of cohorts, for ten minutes. */
export const auditLease =
  ({ tokens, clock, holder }: ReadLeaseDeps) =>
  (): Promise<boolean> =>
    tokens.acquireLease('audit-cohorts', holder, clock.wallNow(), leaseMs);
