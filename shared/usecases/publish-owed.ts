import { topics } from '../definitions/topics.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerId, TenantId } from '../domain/ids.ts';
import type { Pending } from '../domain/pending.ts';
import type { CustomerStore } from '../ports/customer-store.ts';
import type { Stream } from '../ports/stream.ts';

export interface PublishOwedDeps {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly stream: Stream;
}

/** Publishes what these customers still owe: for what no redelivery heals. */
export const publishOwed =
  ({ tenant, customers, stream }: PublishOwedDeps) =>
  async (ids: readonly CustomerId[]): Promise<void> => {
    const stored = await customers.findAll(tenant, ids);
    await publishAll([...stored.values()], stream);
    await customers.markPublished(tenant, [...stored.values()].filter(owes));
  };

export const isChange = ({ topic }: Pending): boolean => topic === undefined;
export const owes = ({ pending }: CustomerState): boolean => pending.length > 0;

export const publishAll = async (states: readonly CustomerState[], stream: Stream): Promise<void> => {
  const owed = states.flatMap(({ pending }) => pending);
  const changes = owed.filter(({ topic }) => topic === undefined);
  const moves = owed.filter(({ topic }) => topic === 'cohorts');
  const events = owed.filter(({ topic }) => topic === 'events');
  if (changes.length > 0) await stream.append(topics.changes, changes);
  if (moves.length > 0) await stream.append(topics.cohorts, moves);
  if (events.length > 0) await stream.append(topics.events, events);
};
