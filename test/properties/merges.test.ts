import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isOutside } from '#shared/domain/customer-state.ts';
import { profileOfCustomer } from '#shared/domain/handed-records.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { verifyLedger } from '#shared/domain/ledger.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { grader, type MergeWorld, mergeWorld, type Stop, shop, start, tenant } from '../grading/merge-world.ts';

// so that customers of few records take several messages, as large ones do
const parts = vi.hoisted(() => ({ length: 1 }));
vi.mock('#shared/definitions/limits.ts', async (original) => {
  const { limits } = await original<{ limits: Readonly<Record<string, number>> }>();
  return {
    limits: {
      ...limits,
      get handedPartLength() {
        return parts.length;
      },
    },
  };
});

const size = 4;
const customers = Array.from({ length: size }, (_, i) => CustomerId.parse(`account:shop:${i}`));
const recordCount = 6;

type Step =
  | { readonly do: 'record'; readonly record: number; readonly owner: number; readonly amount: number }
  | { readonly do: 'gone'; readonly record: number }
  | { readonly do: 'merge'; readonly from: number; readonly into: number }
  | { readonly do: 'undo'; readonly from: number }
  | { readonly do: 'work'; readonly customer: number; readonly events: number; readonly stop: Stop }
  | { readonly do: 'rewind'; readonly customer: number; readonly events: number }
  | { readonly do: 'repeat'; readonly message: number };

const customer = fc.nat(size - 1);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('record'),
      record: fc.nat(recordCount - 1),
      owner: customer,
      amount: fc.integer({ min: 1, max: 900 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gone'), record: fc.nat(recordCount - 1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('merge'), from: customer, into: customer }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('undo'), from: customer }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('work'),
      customer,
      events: fc.integer({ min: 1, max: 3 }),
      stop: fc.constantFrom<Stop>('none', 'none', 'before-publishing', 'before-marking'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rewind'), customer, events: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat'), message: fc.nat(50) }) },
);

/** What the CRM says in the end: who owns which record, with which amount. */
type Truth = Map<number, { readonly owner: number | null; readonly amount: number; readonly assignment: number }>;

const anyPartLength = fc.constantFrom(1, 700, 100_000);

const recordRef = (record: number) => ({ connection: shop, object: 'invoice', id: String(record) });

const sayRecord = (world: MergeWorld, truth: Truth, step: Extract<Step, { record: number }>, source: number): void => {
  const before = truth.get(step.record);
  const owner = step.do === 'record' ? step.owner : null;
  const moved = (before?.owner ?? null) !== owner;
  const assignment = (before?.assignment ?? 0) + (moved ? 1 : 0);
  const common = {
    ...{ tenant, record: recordRef(step.record), trace: 't' },
    version: { assignment, source: start + source, read: start + source },
  };
  if (before?.owner != null && moved)
    world.say({ ...common, kind: 'record.retracted', customer: customers[before.owner]! });
  const amount = step.do === 'record' ? step.amount : 0;
  if (owner !== null)
    world.say({
      ...common,
      ...{ kind: 'record.asserted', customer: customers[owner]!, attributes: { [`r${step.record}`]: amount } },
      facts: [
        {
          type: 'invoice.paid',
          at: start,
          amount: { units: amount, scale: 0, currency: 'GBP' },
          fields: { record: step.record },
        },
      ],
    });
  truth.set(step.record, { owner, amount, assignment });
};

const play = (steps: readonly Step[], world: MergeWorld): Truth => {
  const truth: Truth = new Map();
  for (const [index, step] of steps.entries()) {
    const asked = { tenant, command: `command-${index}`, by: 'ann', why: 'twice in the CRM' };
    if (step.do === 'record' || step.do === 'gone') sayRecord(world, truth, step, index);
    else if (step.do === 'merge')
      world.say({
        ...asked,
        ...{ kind: 'merge.requested', customer: customers[step.from]!, into: customers[step.into]!, as: 'merge' },
      });
    else if (step.do === 'undo') world.say({ ...asked, kind: 'merge.undone', customer: customers[step.from]! });
    else if (step.do === 'work') world.work(customers[step.customer]!, step.events, step.stop);
    else if (step.do === 'rewind') world.rewind(customers[step.customer]!, step.events);
    else world.repeat(step.message);
  }
  return truth;
};

/** Follows who became part of whom to the end. Never ends in a circle. */
const rootOf = (world: MergeWorld, index: number): CustomerId => {
  let at = customers[index]!;
  for (let hop = 0; hop <= size; hop += 1) {
    const into = world.state(at).merges?.seal?.into;
    if (into === undefined) return at;
    at = into;
  }
  throw new Error('customers are part of each other in a circle');
};

describe('customers that are merged and come apart again, in any order, with repeats and stops', () => {
  it('end as the union of the records that their CRM says are theirs', () => {
    fc.assert(
      fc.property(anyPartLength, fc.array(anyStep, { minLength: 8, maxLength: 60 }), (length, steps) => {
        parts.length = length;
        const world = mergeWorld();
        const truth = play(steps, world);
        world.drain();
        for (const [index, own] of customers.entries()) {
          const state = world.state(own);
          if (state.version === 0) continue;
          const isRoot = rootOf(world, index) === own;
          const mine = [...truth].filter(([, { owner }]) => owner !== null && rootOf(world, owner) === own);
          const { attributes, facts } = profileOfCustomer(state);
          if (isRoot) {
            expect(attributes).toEqual(Object.fromEntries(mine.map(([record, { amount }]) => [`r${record}`, amount])));
            expect(facts.map(({ fields }) => fields?.['record']).sort()).toEqual(mine.map(([record]) => record).sort());
          }
          const grade =
            isRoot && !isOutside(state) ? grader.grade(profileOfCustomer(state), state.decidedAt).effective : null;
          if (Object.keys(state.grades).length > 0) expect(state.grades[grader.model.id]?.grade).toBe(grade);
          const proof = verifyLedger(
            world.ledger(own),
            state.ledger,
            state.ledgerKey,
            hashing,
            decidesAgainBy([grader]),
          );
          expect(proof).toMatchObject({ undecided: 0, faults: [] });
        }
      }),
      { numRuns: 250 },
    );
  });

  it('do what was asked last, where nothing was refused', () => {
    fc.assert(
      fc.property(anyPartLength, fc.array(anyStep, { minLength: 8, maxLength: 60 }), (length, steps) => {
        parts.length = length;
        const world = mergeWorld();
        play(steps, world);
        world.drain();
        if (world.refused.length > 0) return;
        for (const [index, own] of customers.entries()) {
          const last = steps
            .filter((step) => (step.do === 'merge' || step.do === 'undo') && step.from === index)
            .at(-1);
          const into = last?.do === 'merge' ? customers[last.into] : undefined;
          expect(world.state(own).merges?.seal?.into).toBe(into);
        }
      }),
      { numRuns: 100 },
    );
  });
});
