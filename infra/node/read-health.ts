import type { Group, Topic } from '../../shared/definitions/topics.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { ConnectionAccount } from '../../shared/ports/record-store.ts';
import type { Engine } from './open-engine.ts';

export interface Position {
  readonly topic: Topic;
  readonly group: Group;
}

/** What `GET /health` answers: is everything accounted for, and how far behind is the work. */
export const readHealth = async (
  { records, actions, stream }: Engine,
  tenant: TenantId,
  clock: Clock,
  positions: readonly Position[],
) => {
  const accounts = await records.readAccounts(tenant);
  const now = clock.businessNow();
  return {
    status: accounts.every(isBalanced) ? 'ok' : 'unbalanced',
    businessTime: new Date(now).toISOString(),
    connections: accounts.map((account) => ({ ...account, balanced: isBalanced(account) })),
    behindMs: Object.fromEntries(
      positions.map(({ topic, group }) => [group, Math.max(0, now - (stream.oldestUnfinished(topic, group) ?? now))]),
    ),
    deliveries: await actions.countDeliveries(),
    disabledChannels: await actions.readDisabledChannels(),
  };
};

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0);

const isBalanced = ({
  received,
  resolved,
  coalesced,
  deduplicated,
  rejected,
  dead,
  waiting,
}: ConnectionAccount): boolean =>
  received === resolved + coalesced + deduplicated + sum(rejected) + sum(dead) + waiting;
