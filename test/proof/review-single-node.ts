import { join } from 'node:path';
import { wireGradeCustomers } from '#functions/grade-customers/wire.ts';
import { openEngine } from '#infra/node/open-engine.ts';
import { topics } from '#shared/definitions/topics.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { reviewOf } from '#shared/usecases/keep-time.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { shopModel, shopWorkspace } from '../kit/shop-workspace.ts';
import { type Facts, factsOf } from './read-cluster.ts';

const tenant = TenantId.parse('default');

/** What a node that was stopped holds of everyone, after a review of everyone at this instant. */
export const reviewSingleNode = async (folder: string, asOf: number): Promise<Facts> => {
  const { models } = shopWorkspace({ folder, model: shopModel });
  const engine = openEngine({ folder: join(folder, 'data'), tenant, clock: systemClock, onFatal: () => undefined });
  const grading = wireGradeCustomers({
    ...engine,
    tenant,
    clock: systemClock,
    log: quietLog(),
    metrics: noMetrics,
    models: fixedModels(models.map(({ model, hash }) => compileModel(model, hash))),
  });
  const { customers } = await engine.customers.listCustomers(tenant, undefined, 100_000);
  const reviews = customers.map((customer, offset) => ({
    topic: topics.events,
    partition: 0,
    offset,
    ...reviewOf(tenant, customer, asOf),
  }));
  await grading.process(reviews);
  const states = await engine.customers.findAll(tenant, customers);
  engine.close();
  return factsOf(states);
};
