import { describe, expect, it } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { buildPlant, grounds, type Plant, plantStart, shop, tenant } from '../kit/plant.ts';
import { rankedModel } from '../kit/ranked-models.ts';
import { graderOf, healthModel } from '../kit/shop-models.ts';

const day = 86_400_000;
/** Best 20 and 50 of a hundred: of ten the first two are A, the next three B. */
const ranked = graderOf({ ...rankedModel, partitions: [], segments: [] }, 'hash-of-ranked');
const customers = Array.from({ length: 10 }, (_, i) => CustomerId.parse(`account:shop:${i}`));
const [best, , third] = customers as [CustomerId, CustomerId, CustomerId];

let source = 0;
const versioned = () => {
  source += 1;
  return { tenant, trace: 't', version: { assignment: 1, source: plantStart + source, read: plantStart + source } };
};
const recordOf = (customer: CustomerId, object = 'customer') => ({ connection: shop, object, id: customer });
const named = (customer: CustomerId, attributes: Record<string, string> = {}): CustomerEvent => ({
  ...versioned(),
  ...{ kind: 'record.asserted', customer, record: recordOf(customer), attributes: { state: 'live', ...attributes } },
  facts: [],
});
const paid = (customer: CustomerId, units: number): CustomerEvent => ({
  ...versioned(),
  ...{ kind: 'record.asserted', customer, record: recordOf(customer, 'invoice'), attributes: {} },
  facts: [{ type: 'invoice.paid', at: plantStart - day, amount: { units, scale: 0, currency: 'GBP' } }],
});
const gone = (customer: CustomerId, object?: string): CustomerEvent => ({
  ...versioned(),
  ...{ kind: 'record.retracted', customer, record: recordOf(customer, object) },
});
const holdOf = (customer: CustomerId, grade: string, until?: number): CustomerEvent => ({
  ...{ kind: 'hold.set', tenant, customer },
  hold: { command: `hold ${customer}`, grade, by: 'ann', why: 'w', ...(until === undefined ? {} : { until }) },
});
const merged = (customer: CustomerId, into: CustomerId): CustomerEvent => ({
  ...{ kind: 'merge.requested', tenant, customer, into, as: 'merge' },
  ...{ command: `${customer} into ${into}`, by: 'ann', why: 'twice' },
});

const tell = async (plant: Plant, ...events: readonly CustomerEvent[]): Promise<void> => {
  const at = plant.clock.businessNow();
  await plant.stream.append(
    topics.events,
    events.map((event, i) => ({
      key: event.customer,
      value: encodeCloudEvent({ id: `e${source}-${i}`, source: 's', type: 't', data: event }, at),
    })),
  );
  await plant.drain();
};

const stateOf = async (plant: Plant, customer: CustomerId) =>
  (await plant.customers.findAll(tenant, [customer])).get(customer);
/** Of all customers, in their order; – where there is none. */
const grades = async (plant: Plant, model = 'ranked'): Promise<string> => {
  const states = await plant.customers.findAll(tenant, customers);
  return customers.map((customer) => states.get(customer)?.grades[model]?.grade ?? '–').join('');
};
const causes = async (plant: Plant, customer: CustomerId) =>
  (await plant.customers.readLedger(tenant, customer)).map(({ body }) => body?.cause.type);
const members = async (plant: Plant): Promise<number | undefined> => {
  const cohort = Object.values((await stateOf(plant, customers[9]!))?.grades ?? {})[0]?.rank?.cohort;
  if (cohort === undefined) return undefined;
  return (await plant.cohorts.findHeads(tenant, [cohort])).get(cohort)?.members;
};

describe.each(grounds)('who counts among the ranked, on $engine', ({ open }) => {
  /** Ten customers, worth 1,000 down to 100. */
  const population = async () => {
    const ground = open();
    const plant = await buildPlant(ground, { graders: [ranked] });
    await tell(plant, ...customers.flatMap((customer, i) => [named(customer), paid(customer, 1_000 - i * 100)]));
    expect([await grades(plant), await members(plant)]).toEqual(['AABBBCCCCC', 10]);
    return { plant, close: () => ground.close() };
  };

  it('a deleted customer leaves, and its place goes to the next; restored it comes back', async () => {
    const { plant, close } = await population();
    // its account alone is gone: what it paid is still there
    await tell(plant, gone(best));
    expect([await grades(plant), await members(plant)]).toEqual(['AABBBCCCCC', 10]);
    await tell(plant, gone(best, 'invoice'));
    expect([await grades(plant), await members(plant)]).toEqual(['–AABBBCCCC', 9]);
    expect((await causes(plant, third)).at(-1)).toBe('displaced');
    expect([...((await stateOf(plant, best))?.records.values() ?? [])].map(({ retracted }) => retracted)).toEqual([
      true,
      true,
    ]);
    // not even a person's word goes for whom nobody knows
    await tell(plant, holdOf(best, 'A'));
    expect(await grades(plant)).toBe('–AABBBCCCC');
    await tell(plant, { kind: 'hold.cleared', tenant, customer: best, command: 'clear', by: 'ann', why: 'w' });
    await tell(plant, named(best), paid(best, 1_000));
    expect([await grades(plant), await members(plant)]).toEqual(['AABBBCCCCC', 10]);
    expect((await causes(plant, third)).at(-1)).toBe('displaced');
    await close();
  });

  it('a field of the scope takes a customer in and out', async () => {
    const { plant, close } = await population();
    await tell(plant, named(best, { state: 'test' }));
    expect([await grades(plant), await members(plant)]).toEqual(['–AABBBCCCC', 9]);
    await tell(plant, named(best));
    expect([await grades(plant), await members(plant)]).toEqual(['AABBBCCCCC', 10]);
    await close();
  });

  it('a merged customer leaves: one less to be ranked, and the winner worth both', async () => {
    const { plant, close } = await population();
    await tell(plant, merged(best, customers[9]!));
    expect([await grades(plant), await members(plant)]).toEqual(['–ABBBCCCCA', 9]);
    expect(await causes(plant, best)).toEqual(['event', 'event', 'merge'].slice(-(await causes(plant, best)).length));
    expect((await causes(plant, customers[9]!)).at(-1)).toBe('merge');
    await tell(plant, {
      ...{ kind: 'merge.undone', tenant, customer: best, command: 'undo', by: 'ann', why: 'two after all' },
    });
    expect([await grades(plant), await members(plant)]).toEqual(['AABBBCCCCC', 10]);
    await close();
  });

  it('a held customer keeps its place, though not its grade, until the hold ends by itself', async () => {
    const { plant, close } = await population();
    const until = plantStart + 3 * day;
    await tell(plant, holdOf(best, 'C', until), holdOf(best, 'C', until));
    expect([await grades(plant), await members(plant)]).toEqual(['CABBBCCCCC', 10]);
    expect((await causes(plant, best)).filter((type) => type === 'manual')).toHaveLength(1);
    // whatever it pays, the person's word goes over it
    await tell(plant, paid(best, 5_000));
    expect(await grades(plant)).toBe('CABBBCCCCC');
    plant.clock.pass(3 * day);
    await plant.keepTime();
    await plant.drain();
    expect(await grades(plant)).toBe('AABBBCCCCC');
    expect(await stateOf(plant, best)).not.toHaveProperty('hold');
    expect((await causes(plant, best)).at(-1)).toBe('timer');
    await close();
  });
});

describe.each(grounds)('what a person or a lead is to a model, on $engine', ({ open }) => {
  it('a hold goes over guards, and counts for nothing outside the scope', async () => {
    const ground = open();
    const scoped = { ...healthModel, scope: { when: { eq: [{ field: 'state' }, 'live'] } } };
    const plant = await buildPlant(ground, { graders: [graderOf(scoped, 'hash-of-scoped')] });
    await tell(plant, named(best, { state: 'test' }), holdOf(best, 'A'));
    expect(await grades(plant, 'shop-health')).toBe('–––––––––– '.trim());
    await tell(plant, named(best));
    expect((await stateOf(plant, best))?.grades['shop-health']?.grade).toBe('A');
    const clear = { kind: 'hold.cleared', tenant, customer: best, command: 'clear', by: 'ann', why: 'w' } as const;
    await tell(plant, clear);
    // by now the guard decides: nobody of it was ever heard
    expect((await stateOf(plant, best))?.grades['shop-health']?.grade).not.toBe('A');
    await ground.close();
  });

  it('a lead is graded by the model for leads alone, and that one decides its grade', async () => {
    const ground = open();
    const leads = graderOf({ ...rankedModel, id: 'leads', subject: 'lead', partitions: [], segments: [] }, 'leads-1');
    const plant = await buildPlant(ground, { graders: [ranked, leads] });
    const lead = CustomerId.parse('lead:shop:1');
    await tell(plant, named(lead), named(best));
    const [ofLead, ofAccount] = [await stateOf(plant, lead), await stateOf(plant, best)];
    expect([ofLead?.grades['ranked']?.grade, ofLead?.grades['leads']?.grade]).toEqual([null, 'C']);
    expect([ofAccount?.grades['ranked']?.grade, ofAccount?.grades['leads']?.grade]).toEqual(['C', null]);
    for (const customer of [lead, best]) {
      const ledger = await plant.customers.readLedger(tenant, customer);
      expect(ledger.map(({ body }) => body?.decides)).toEqual([true]);
    }
    await tell(plant, { ...holdOf(lead, 'A'), customer: lead });
    expect((await stateOf(plant, lead))?.grades['leads']?.grade).toBe('A');
    await ground.close();
  });
});
