import type { TenantId } from '../../shared/domain/ids.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { ConnectionAccount, RecordStore } from '../../shared/ports/record-store.ts';
import type { Relay } from '../../shared/ports/relay.ts';
import type { Spill } from '../../shared/ports/spill.ts';
import { offBy, sumOf } from '../../shared/usecases/off-by.ts';

export interface FigureDeps {
  readonly tenant: TenantId;
  readonly records: Pick<RecordStore, 'readAccounts'>;
  readonly actions: Pick<ActionStore, 'countDeliveries'>;
  readonly spill: Pick<Spill, 'count'>;
  readonly relay: Pick<Relay, 'count'>;
  readonly clock: Pick<Clock, 'wallNow'>;
  readonly metrics: Metrics;
}

/** What waits is counted item by item: not at every round. Less than the five minutes of a period, so that none is without a figure. */
const restMs = 4 * 60_000;

/** Tells where everything stands, for who sees no more than figures: the accounts of hints, what waits in the table, the deliveries. */
export const tellFigures = (deps: FigureDeps) => {
  const { clock } = deps;
  let next = Number.NEGATIVE_INFINITY;
  return async (): Promise<void> => {
    const now = clock.wallNow();
    if (now < next) return;
    next = now + restMs;
    await Promise.all([tellAccounts(deps), tellWaiting(deps), tellDeliveries(deps)]);
  };
};

const tellAccounts = async ({ tenant, records, metrics }: FigureDeps): Promise<void> => {
  const accounts = await records.readAccounts(tenant);
  const stage = 'resolve-records';
  for (const [outcome, hints] of Object.entries(totalOf(accounts))) metrics.level(stage, 'hints', hints, outcome);
  metrics.level(
    stage,
    'waiting',
    total(accounts, ({ waiting }) => waiting),
  );
  // one connection's surplus must not hide another one's loss
  metrics.level(
    stage,
    'unbalanced',
    total(accounts, (account) => Math.abs(offBy(account))),
  );
};

const totalOf = (accounts: readonly ConnectionAccount[]) => ({
  received: total(accounts, ({ received }) => received),
  resolved: total(accounts, ({ resolved }) => resolved),
  coalesced: total(accounts, ({ coalesced }) => coalesced),
  deduplicated: total(accounts, ({ deduplicated }) => deduplicated),
  rejected: total(accounts, ({ rejected }) => sumOf(rejected)),
  dead: total(accounts, ({ dead }) => sumOf(dead)),
  waiting: total(accounts, ({ waiting }) => waiting),
});

const total = (accounts: readonly ConnectionAccount[], of: (account: ConnectionAccount) => number): number =>
  accounts.reduce((sum, account) => sum + of(account), 0);

const tellWaiting = async ({ spill, relay, metrics }: FigureDeps): Promise<void> => {
  const [spilled, relayed] = await Promise.all([spill.count(), relay.count()]);
  metrics.level('receive-webhook', 'waiting', allOf(spilled));
  metrics.level('keep-time', 'waiting', allOf(relayed));
};

const allOf = (counts: ReadonlyMap<string, number>): number =>
  [...counts.values()].reduce((sum, each) => sum + each, 0);

const tellDeliveries = async ({ actions, metrics }: FigureDeps): Promise<void> => {
  for (const { channel, status, deliveries } of await actions.countDeliveries())
    metrics.level('deliver', 'deliveries', deliveries, `${channel} ${status}`);
};
