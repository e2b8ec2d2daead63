import type { ConnectionId } from '../../domain/ids.ts';
import type { ConnectionAccount, HintOutcome, InboxItem } from '../../ports/record-store.ts';

/** What was counted of one connection's hints. */
interface Tally {
  received: number;
  /** Taken off the stream, whatever became of them. */
  taken: number;
  resolved: number;
  coalesced: number;
  deduplicated: number;
  readonly rejected: Map<string, number>;
  readonly dead: Map<string, number>;
}

export type Accounts = Map<ConnectionId, Tally>;

export const emptyAccounts = (): Accounts => new Map();

interface Counted {
  readonly outcome: HintOutcome | 'received' | 'waiting';
  readonly reason?: string;
}

/** Counts one hint. One `from` the inbox was taken off the stream before. */
export const countHint = (
  accounts: Accounts,
  connection: ConnectionId,
  { outcome, reason = '' }: Counted,
  from: 'stream' | 'inbox' = 'stream',
): void => {
  const tally = accounts.get(connection) ?? emptyTally();
  accounts.set(connection, tally);
  if (outcome !== 'received' && from === 'stream') tally.taken += 1;
  if (outcome === 'rejected' || outcome === 'dead') tally[outcome].set(reason, (tally[outcome].get(reason) ?? 0) + 1);
  else if (outcome !== 'waiting') tally[outcome] += 1;
};

const emptyTally = (): Tally => ({
  received: 0,
  taken: 0,
  resolved: 0,
  coalesced: 0,
  deduplicated: 0,
  rejected: new Map(),
  dead: new Map(),
});

/** By connection. What waits is counted where it waits: on the stream, and in the inbox. */
export const readAccounts = (accounts: Accounts, inbox: readonly InboxItem[]): readonly ConnectionAccount[] =>
  [...accounts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([connection, tally]) => {
      const { received, taken, resolved, coalesced, deduplicated } = tally;
      const inInbox = inbox
        .filter(({ record }) => record.connection === connection)
        .reduce((hints, item) => hints + item.hints, 0);
      return {
        connection,
        received,
        resolved,
        coalesced,
        deduplicated,
        rejected: Object.fromEntries(tally.rejected),
        dead: Object.fromEntries(tally.dead),
        waiting: received - taken + inInbox,
      };
    });
