import { topics } from '../../shared/definitions/topics.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { CustomerStore } from '../../shared/ports/customer-store.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import { reviewOf } from '../../shared/usecases/keep-time.ts';

const perTurn = 500;
/** Stands where otherwise the place in the list of customers does. */
const everyone = 'everyone';
const start = '';

/** What an installation remembers of itself from one start to the next. */
export interface Memory {
  recall(name: string): Promise<string | undefined>;
  remember(name: string, value: string): Promise<void>;
}

export interface ReviewSettings {
  readonly memory: Memory;
  readonly customers: CustomerStore;
  readonly stream: Stream;
  readonly tenant: TenantId;
  /** Hashes of the models in force, in order. */
  readonly models: string;
  readonly now: () => number;
  readonly stopped: () => boolean;
  /** True when every event so far is graded. */
  readonly caughtUp: () => Promise<boolean>;
  /** Between two looks whether it is. */
  readonly pauseMs: number;
  readonly log: Log;
}

/**
 * After a model was edited every customer is asked about once, in the background and in steps that wait for the stream, so
 * that live events go in between. Resumes where a stop left it. Customers with news of their own meanwhile are decided by
 * the new model at once.
 */
export const reviewEveryone = async (settings: ReviewSettings): Promise<void> => {
  const { memory, customers, stream, tenant, models, stopped, log } = settings;
  const known = await memory.recall('models');
  // put back before the models are remembered: a stop in between only means one review too many
  if (known !== models) await memory.remember('reviewed', known === undefined ? everyone : start);
  if (known !== models) await memory.remember('models', models);
  let after: string | undefined = (await memory.recall('reviewed')) ?? everyone;
  if (after === everyone) return;
  let reviewed = 0;
  while (after !== undefined) {
    if (stopped()) return;
    const page = await customers.listCustomers(tenant, after === start ? undefined : after, perTurn);
    const asOf = settings.now();
    if (page.customers.length > 0)
      await stream.append(
        topics.events,
        page.customers.map((customer) => reviewOf(tenant, customer, asOf)),
      );
    reviewed += page.customers.length;
    after = page.next;
    await memory.remember('reviewed', after ?? everyone);
    while (!stopped() && !(await settings.caughtUp()))
      await new Promise((resolve) => setTimeout(resolve, settings.pauseMs));
  }
  log.info({ customers: reviewed }, 'reviewed every customer by the edited model');
};
