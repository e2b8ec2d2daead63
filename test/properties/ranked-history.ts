import fc from 'fast-check';
import { groups, topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { type Plant, plantStart, shop, tenant } from '../kit/plant.ts';

export const day = 86_400_000;
const size = 14;
export const customers = Array.from({ length: size }, (_, i) =>
  CustomerId.parse(`account:shop:${String(i).padStart(2, '0')}`),
);

export type Step =
  | {
      readonly do: 'invoice';
      readonly customer: number;
      readonly number: number;
      readonly amount: number;
      readonly daysAgo: number;
    }
  | { readonly do: 'gone'; readonly customer: number; readonly number: number }
  | {
      readonly do: 'profile';
      readonly customer: number;
      readonly region: string;
      readonly type: string;
      readonly state: string;
    }
  | { readonly do: 'pass'; readonly days: number }
  | { readonly do: 'rewind'; readonly group: 'grade' | 'rank'; readonly records: number }
  | { readonly do: 'work' };

export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('invoice'),
      customer: fc.nat(size - 1),
      number: fc.nat(2),
      amount: fc.oneof(fc.constantFrom(0, 0, 100, 100, -50), fc.integer({ min: -300, max: 1_500 })),
      daysAgo: fc.integer({ min: -2, max: 80 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gone'), customer: fc.nat(size - 1), number: fc.nat(2) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('profile'),
      customer: fc.nat(size - 1),
      region: fc.constantFrom('north', 'north', 'south'),
      type: fc.constantFrom('retail', 'retail', 'wholesale'),
      state: fc.constantFrom('live', 'live', 'live', 'test'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), days: fc.integer({ min: 0, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('rewind'), group: fc.constantFrom('grade', 'rank'), records: fc.nat(25) }),
  },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'work' }) },
);

const eventOf = (step: Extract<Step, { customer: number }>, source: number): CustomerEvent => {
  const customer = customers[step.customer]!;
  const common = { tenant, customer, version: { assignment: 1, source, read: source }, trace: 't' };
  if (step.do === 'profile') {
    const { region, type, state } = step;
    const record = { connection: shop, object: 'customer', id: customer };
    return { ...common, kind: 'record.asserted', record, attributes: { region, type, state }, facts: [] };
  }
  const record = { connection: shop, object: 'invoice', id: `${customer}-${step.number}` };
  if (step.do === 'gone') return { ...common, kind: 'record.retracted', record };
  const fact: Fact = {
    type: step.amount < 0 ? 'invoice.refunded' : 'invoice.paid',
    at: plantStart - step.daysAgo * day,
    amount: { units: Math.abs(step.amount), scale: 0, currency: 'GBP' },
  };
  return { ...common, kind: 'record.asserted', record, attributes: {}, facts: [fact] };
};

/** `before`: how many steps were played already. */
export const play = async (steps: readonly Step[], plant: Plant, before = 0): Promise<void> => {
  let source = before;
  for (const step of steps) {
    source += 1;
    if (step.do === 'pass') plant.clock.pass(step.days * day);
    else if (step.do === 'work') await plant.drain();
    else if (step.do === 'rewind')
      plant.rewind(step.group === 'grade' ? groups.gradeCustomers : groups.rankCohorts, step.records);
    else {
      const event = eventOf(step, source);
      const value = encodeCloudEvent(
        { id: `e${source}`, source: 's', type: 't', data: event },
        plant.clock.businessNow(),
      );
      await plant.stream.append(topics.events, [{ key: event.customer, value }]);
    }
  }
};

/** Until nothing is under way and nobody is due. */
export const settle = async (plant: Plant): Promise<void> => {
  for (let round = 0; round < 400; round += 1) {
    await plant.drain();
    const { reviews } = await plant.keepTime();
    if (reviews === 0) return;
  }
  throw new Error('it never comes to rest');
};
