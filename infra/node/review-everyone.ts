import { topics } from '../../shared/definitions/topics.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Log } from '../../shared/ports/log.ts';
import { reviewOf } from '../../shared/usecases/keep-time.ts';
import type { Engine } from './open-engine.ts';

const perTurn = 500;
/** Stands where otherwise the last customer reviewed does; no customer's id is written so. */
const everyone = 'everyone';

export interface ReviewSettings {
  readonly engine: Engine;
  readonly tenant: TenantId;
  /** Hashes of the models in force, in order. */
  readonly models: string;
  readonly now: () => number;
  readonly stopped: () => boolean;
  readonly log: Log;
}

/**
 * After a model was edited every customer is asked about once, in the background and in steps that wait for the stream, so
 * that live events go in between. Resumes where a stop left it. Customers with news of their own meanwhile are decided by
 * the new model at once.
 */
export const reviewEveryone = async (settings: ReviewSettings): Promise<void> => {
  const { engine, tenant, models, stopped, log } = settings;
  const { memory, stream } = engine;
  const known = memory.recall('models');
  // put back before the models are remembered: a stop in between only means one review too many
  if (known !== models) memory.remember('reviewed', known === undefined ? everyone : '');
  if (known !== models) memory.remember('models', models);
  let after = memory.recall('reviewed') ?? everyone;
  if (after === everyone) return;
  let reviewed = 0;
  for (;;) {
    if (stopped()) return;
    const customers = memory.listCustomers(tenant, after, perTurn);
    const last = customers.at(-1);
    if (last === undefined) break;
    const asOf = settings.now();
    await stream.append(
      topics.events,
      customers.map((customer) => reviewOf(tenant, customer, asOf)),
    );
    memory.remember('reviewed', last);
    after = last;
    reviewed += customers.length;
    while (!stopped() && stream.oldestUnfinished(topics.events, 'grade-customers') !== undefined)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }
  memory.remember('reviewed', everyone);
  log.info({ customers: reviewed }, 'reviewed every customer by the edited model');
};
