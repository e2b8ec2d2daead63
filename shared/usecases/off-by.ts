import type { ConnectionAccount } from '../ports/record-store.ts';

/** Received minus everything that became of it: 0 when every hint is accounted for. */
export const offBy = (account: ConnectionAccount): number =>
  account.received -
  (account.resolved +
    account.coalesced +
    account.deduplicated +
    sumOf(account.rejected) +
    sumOf(account.dead) +
    account.waiting);

export const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);
