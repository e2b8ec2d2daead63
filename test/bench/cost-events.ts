import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent, RecordEvent } from '#shared/domain/event.ts';
import type { Attributes, Fact } from '#shared/domain/fact.ts';
import { ConnectionId, type CustomerId, customerIdOf, TenantId } from '#shared/domain/ids.ts';
import { type RecordState, shortKey } from '#shared/domain/profile.ts';
import { recordKeyOf } from '#shared/domain/record.ts';
import type { Received } from '#shared/ports/stream.ts';
import { benchCustomer, gradedAt, seeded } from './grading-model.ts';

export const tenant = TenantId.parse('bench');
const crm = ConnectionId.parse('crm');
/** Every twentieth event moves its customer between the ends of the scale. */
export const changeEvery = 20;

/** Customers of so many records of one fact each; the same on every run. */
export const costPopulation = (customers: number, facts: number) => {
  const random = seeded(17);
  return Array.from({ length: customers }, (_, i) => {
    const customer = customerOf(i);
    return { customer, records: recordsOf(customer, facts, random) };
  });
};

const customerOf = (number: number): CustomerId => customerIdOf('account', crm, `55402300000052${number}`);

const invoiceOf = (customer: CustomerId, number: number) => ({
  connection: crm,
  object: 'Invoices',
  id: `${customer}/${number}`,
});

const recordsOf = (customer: CustomerId, facts: number, random: () => number): Map<string, RecordState> =>
  new Map(
    benchCustomer(facts, random, gradedAt - 86_400_000)
      .facts.map(onTheSecond)
      .map((fact, number) => [
        shortKey(recordKeyOf(invoiceOf(customer, number))),
        {
          version: { assignment: 1, source: fact.at + 60_000, read: fact.at + 65_000 },
          retracted: false,
          attributes: {},
          facts: [fact],
        },
      ]),
  );

/** As CRMs tell instants. */
const onTheSecond = (fact: Fact): Fact => ({ ...fact, at: Math.floor(fact.at / 1_000) * 1_000 });

const ends: readonly Attributes[] = [
  { employees: 10, industry: 'small', decisionInDays: 200, budget: 1_000, fit: 5 },
  { employees: 5_000, industry: 'leader', decisionInDays: 10, budget: 900_000, fit: 95 },
];

/** The event of this number: a customer's invoice says the same again in a newer version, or its account moves to the other end. */
export const eventOf = (
  number: number,
  customer: CustomerId,
  records: ReadonlyMap<string, RecordState>,
): RecordEvent => {
  const at = gradedAt + number * 1_000;
  const common = {
    kind: 'record.asserted',
    tenant,
    customer,
    version: { assignment: 1, source: at, read: at },
  } as const;
  if (number < 0 || number % changeEvery === 0)
    return {
      ...common,
      record: { connection: crm, object: 'Accounts', id: customer },
      attributes: ends[number < 0 ? 0 : (Math.floor(number / changeEvery / 5) + 1) % 2] ?? {},
      facts: [],
      trace: 'bench',
    };
  const invoice = invoiceOf(customer, (number * 7_919) % records.size);
  const facts = records.get(shortKey(recordKeyOf(invoice)))?.facts ?? [];
  return { ...common, record: invoice, attributes: {}, facts: [...facts], trace: 'bench' };
};

export const received = (event: CustomerEvent, number: number): Received => {
  const at = gradedAt + number * 1_000;
  const value = encodeCloudEvent({ id: `e${number}`, source: 'bench', type: 'bench', data: event }, at);
  return { topic: topics.events, partition: 0, offset: Math.max(0, number), key: event.customer, at, value };
};
