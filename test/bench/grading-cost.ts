import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { memoryStream } from '#shared/adapters/memory/stream.ts';
import { unknownCustomer } from '#shared/domain/customer-state.ts';
import { shortKey } from '#shared/domain/profile.ts';
import { recordKeyOf } from '#shared/domain/record.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { Model } from '#shared/grading/model.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import type { Stream } from '#shared/ports/stream.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { gradeCustomers } from '#shared/usecases/grade-customers.ts';
import { countUnits } from '../kit/aws-units.ts';
import { fixedModels } from '../kit/fixed-models.ts';
import { changeEvery, costPopulation, eventOf, received, tenant } from './cost-events.ts';
import { benchFactors, benchModelFile, gradedAt } from './grading-model.ts';
import { naiveGrading } from './naive-grading.ts';

/** All per event but for `changeUnits`, which are per change. Each change is a record out. */
export interface CostPerEvent {
  readonly requests: number;
  readonly readUnits: number;
  readonly stateUnits: number;
  readonly changeUnits: number;
  readonly recordsOut: number;
  readonly ms: number;
}

export interface GradingCost {
  readonly ours: CostPerEvent;
  /** Undefined where a customer does not fit one item of JSON. */
  readonly naive: { readonly requests: number; readonly readUnits: number; readonly writeUnits: number } | undefined;
}

export interface Measured {
  readonly endpoint: string;
  /** An empty table. */
  readonly table: string;
  readonly facts: number;
  readonly customers: number;
  readonly batch: number;
  readonly batches: number;
}

/** DynamoDB's own limit is 400 KB, and a fact is about 140 bytes of JSON. */
const mostNaiveFacts = 2_000;

/** Grades the same customers by the use case itself and by the naive way, in one run, counted alike. */
export const measureGrading = async (measured: Measured): Promise<GradingCost> => {
  const ours = await measureOurs(measured);
  return { ours, naive: measured.facts > mostNaiveFacts ? undefined : await measureNaive(measured) };
};

const measureOurs = async ({ endpoint, table, facts, customers, batch, batches }: Measured): Promise<CostPerEvent> => {
  const client = connectDynamoDb({ endpoint });
  const units = countUnits(client);
  const store = dynamoDbCustomerStore({ client, table });
  const { stream, out } = countedStream();
  const grade = gradeCustomers({
    ...{ tenant, customers: store, cohorts: memoryCohortStore(), stream, metrics: noMetrics, wallNow: () => gradedAt },
    models: fixedModels([compileModel(Model.parse(benchModelFile(benchFactors(10), true)), hashing.sha256('bench'))]),
    hashing,
    newLedgerKey: (customer) => hashing.sha256(customer),
    park: (record) => Promise.reject(new Error(`not an event: ${record.value}`)),
  });

  const population = costPopulation(customers, facts);
  for (const { customer, records } of population) {
    const state = { ...unknownCustomer(tenant, customer, hashing.sha256(customer)), version: 1, records };
    await store.commitAll([{ next: { ...state, decidedAt: gradedAt - 86_400_000 }, entries: [] }]);
  }
  // the first event of a customer decides by a model it has not seen: not what is measured
  await grade(
    population.map(({ customer, records }, i) => received(eventOf(i - customers, customer, records), i - customers)),
  );

  units.reset();
  const before = out();
  const begun = performance.now();
  for (let number = 0; number < batch * batches; number += batch) {
    const events = Array.from({ length: batch }, (_, i) => {
      const { customer, records } = population[(number + i) % customers]!;
      return received(eventOf(number + i, customer, records), number + i);
    });
    const again = await grade(events);
    if (again.length > 0) throw new Error('events came back');
  }
  const took = performance.now() - begun;
  client.destroy();
  const events = batch * batches;
  const changes = out() - before;
  const { requests, readUnits, writeUnits } = units.read();
  const sumOf = (...parts: readonly string[]): number => parts.reduce((sum, part) => sum + (writeUnits[part] ?? 0), 0);
  return {
    requests: requests / events,
    readUnits: readUnits / events,
    stateUnits: sumOf('STATE', 'CHUNK', 'index due') / events,
    changeUnits: sumOf('LEDGER', 'BODY', 'index unpublished') / changes,
    recordsOut: changes / events,
    ms: took / events,
  };
};

const countedStream = (): { readonly stream: Stream; readonly out: () => number } => {
  const stream = memoryStream({ now: () => gradedAt });
  let out = 0;
  return {
    out: () => out,
    stream: {
      ...stream,
      append: (topic, records) => {
        out += records.length;
        return stream.append(topic, records);
      },
    },
  };
};

const measureNaive = async ({ endpoint, table, facts, customers, batch, batches }: Measured) => {
  const client = connectDynamoDb({ endpoint });
  const units = countUnits(client);
  const { seed, work } = naiveGrading({ client, table });
  const population = costPopulation(customers, facts);
  for (const { customer, records } of population) await seed(customer, Object.fromEntries(records));
  units.reset();
  const events = Math.min(200, batch * batches);
  for (let number = 0; number < events; number += 1) {
    const { customer, records } = population[number % customers]!;
    const event = eventOf(number, customer, records);
    const { version, ...said } = event;
    const content = { version, ...('facts' in said ? { attributes: said.attributes, facts: said.facts } : {}) };
    const grade = number % changeEvery === 0 ? `${number}` : '';
    await work({ id: `e${number}`, customer, record: shortKey(recordKeyOf(event.record)), content, grade });
  }
  client.destroy();
  const { requests, readUnits, writeUnits } = units.read();
  const written = Object.values(writeUnits).reduce((sum, one) => sum + one, 0);
  return { requests: requests / events, readUnits: readUnits / events, writeUnits: written / events };
};
