import { describe, expect, it } from 'vitest';
import { limits } from '#shared/definitions/limits.ts';
import type { CustomerEvent } from '#shared/domain/event.ts';
import type { Scalar } from '#shared/domain/fact.ts';
import { profileOfCustomer } from '#shared/domain/handed-records.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { Becomes } from '#shared/domain/merge.ts';
import { type MergeWorld, mergeWorld, shop, start, tenant } from './merge-world.ts';

const [a, b, c] = ['a', 'b', 'c'].map((id) => CustomerId.parse(`account:shop:${id}`)) as [
  CustomerId,
  CustomerId,
  CustomerId,
];
const lead = CustomerId.parse('lead:shop:l');

let source = 0;
interface Said {
  readonly id: string;
  readonly amount?: number;
  readonly attributes?: Record<string, Scalar>;
  readonly becomes?: Becomes;
}
const said = (customer: CustomerId, { id, amount, attributes = {}, becomes }: Said): CustomerEvent => {
  source += 1;
  return {
    ...{ kind: 'record.asserted', tenant, customer, trace: 't', attributes },
    record: { connection: shop, object: 'invoice', id },
    version: { assignment: 1, source: start + source, read: start + source },
    facts:
      amount === undefined
        ? []
        : [{ type: 'invoice.paid', at: start, amount: { units: amount, scale: 0, currency: 'GBP' } }],
    ...(becomes === undefined ? {} : { becomes }),
  };
};
const gone = (customer: CustomerId, id: string): CustomerEvent => {
  const {
    facts: _,
    attributes: __,
    ...rest
  } = said(customer, { id }) as Extract<CustomerEvent, { kind: 'record.asserted' }>;
  return { ...rest, kind: 'record.retracted' };
};
const asked = (command: string) => ({ tenant, command, by: 'ann', why: 'twice' });
const merge = (customer: CustomerId, into: CustomerId, command = `${customer} into ${into}`): CustomerEvent => ({
  ...asked(command),
  ...{ kind: 'merge.requested', customer, into, as: 'merge' },
});
const undo = (customer: CustomerId, command = `undo ${customer}`): CustomerEvent => ({
  ...asked(command),
  ...{ kind: 'merge.undone', customer },
});

const worldOf = (...events: CustomerEvent[]): MergeWorld => {
  const world = mergeWorld();
  tell(world, ...events);
  return world;
};
/** One after the other: each has taken effect before the next is said. */
const tell = (world: MergeWorld, ...events: CustomerEvent[]): void => {
  for (const event of events) {
    world.say(event);
    world.drain();
  }
};
const history = (world: MergeWorld, customer: CustomerId) =>
  world.ledger(customer).map(({ body }) => [body?.from, body?.to, body?.direction, body?.cause]);
const gradeOf = (world: MergeWorld, customer: CustomerId) => world.state(customer).grades['shop-abc']?.grade;
const amounts = (world: MergeWorld, customer: CustomerId) =>
  profileOfCustomer(world.state(customer))
    .facts.map(({ amount }) => amount?.units ?? 0)
    .sort((x, y) => x - y);

describe('a customer that is merged into another', () => {
  it('loses its grade and gives its facts to the winner, whose grade changes once', () => {
    const world = worldOf(said(a, { id: '1', amount: 500 }), said(b, { id: '2', amount: 600 }), merge(a, b));
    const by = { by: 'ann', why: 'twice' };
    expect(history(world, a).slice(1)).toEqual([['B', null, 'left', { type: 'merge', customer: b, ...by }]]);
    expect(history(world, b).slice(1)).toEqual([['B', 'A', 'up', { type: 'merge', customer: a, ...by }]]);
    expect(amounts(world, b)).toEqual([500, 600]);
    expect(world.state(a).due).toBeUndefined();
  });

  it('changes the winner once, however many messages its records take', () => {
    const many = Array.from({ length: 2_500 }, (_, i) => said(a, { id: `many-${i}`, amount: 1 }));
    const world = mergeWorld();
    for (const event of many) world.say(event);
    world.say(said(b, { id: '2', amount: 1 }));
    world.work(a, many.length);
    world.work(b, 1);
    world.say(merge(a, b));
    world.work(a, 1);
    world.work(b, 1);
    // in between: nothing of the customer that is still arriving counts
    world.say(said(b, { id: '3', amount: 2 }));
    world.work(b, 1);
    expect(amounts(world, b)).toEqual([1, 2]);
    world.drain();
    expect(amounts(world, b)).toHaveLength(2_502);
    expect(
      history(world, b)
        .slice(1)
        .map(([from, to, , cause]) => [from, to, cause]),
    ).toEqual([['C', 'A', expect.objectContaining({ type: 'merge', customer: a })]]);
    const handed = world.messages.filter(({ key }) => key === b);
    expect(handed.length).toBeGreaterThan(2);
    for (const { value } of handed) expect(value.length).toBeLessThan(limits.handedPartLength * 1.1);
  });

  it('passes on what its CRM says of it later, under the cause it has', () => {
    const world = worldOf(said(a, { id: '1', amount: 50 }), said(b, { id: '2', amount: 60 }), merge(a, b));
    tell(world, said(a, { id: '9', amount: 900 }), gone(a, '1'));
    expect(amounts(world, b)).toEqual([60, 900]);
    const causes = history(world, b).slice(-2);
    expect(causes).toMatchObject([
      ['B', 'A', 'up', { type: 'event', record: 'shop/invoice/9' }],
      ['A', 'B', 'down', { type: 'event', record: 'shop/invoice/1' }],
    ]);
    expect(gradeOf(world, a)).toBeNull();
  });

  it('counts a record once that moved from one to the other, whichever message comes first', () => {
    const world = worldOf(said(a, { id: '1', amount: 700 }), said(b, { id: '2', amount: 1 }), merge(a, b));
    const version = { assignment: 2, source: start + 500_000, read: start + 500_000 };
    const moved = { ...said(b, { id: '1', amount: 700 }), version } as CustomerEvent;
    tell(world, { ...gone(a, '1'), version } as CustomerEvent, moved, undo(a));
    expect(amounts(world, b)).toEqual([1, 700]);
    expect(amounts(world, a)).toEqual([]);
  });

  it('fills gaps in what is known of the winner, and goes over nothing', () => {
    const world = worldOf(
      said(b, { id: 'account', attributes: { name: 'Acme', owner: 'Bo' } }),
      said(a, { id: 'lead', attributes: { name: 'acme?', source: 'fair' } }),
      merge(a, b),
    );
    expect(profileOfCustomer(world.state(b)).attributes).toEqual({ name: 'Acme', owner: 'Bo', source: 'fair' });
  });

  it('takes along who is part of it already, and goes on to whom its winner is merged into', () => {
    const world = worldOf(
      said(a, { id: '1', amount: 400 }),
      said(b, { id: '2', amount: 400 }),
      said(c, { id: '3', amount: 400 }),
      merge(a, b),
      merge(b, c),
    );
    expect([gradeOf(world, a), gradeOf(world, b), gradeOf(world, c)]).toEqual([null, null, 'A']);
    tell(world, said(a, { id: '4', amount: 5 }));
    expect(amounts(world, c)).toEqual([5, 400, 400, 400]);
    // out of the middle: it takes with it who hangs on it
    tell(world, undo(b));
    expect([amounts(world, b).length, amounts(world, c)]).toEqual([3, [400]]);
  });

  it('is not brought back by a message that comes once more when all is over', () => {
    const world = worldOf(said(a, { id: '1', amount: 400 }), said(b, { id: '2', amount: 7 }), merge(a, b), merge(b, c));
    tell(world, undo(a));
    const before = [a, b, c].map((customer) => amounts(world, customer));
    expect(before).toEqual([[400], [7], [7]]);
    const sent = world.messages.length;
    for (let message = 0; message < sent; message += 1) {
      world.repeat(message);
      world.drain();
      expect([a, b, c].map((customer) => amounts(world, customer))).toEqual(before);
    }
    expect(world.refused).toEqual([]);
  });

  it('goes to another winner where the CRM says so later', () => {
    const world = worldOf(said(a, { id: '1', amount: 900 }), merge(a, b), merge(a, c));
    expect([amounts(world, b), amounts(world, c)]).toEqual([[], [900]]);
    expect(world.state(a).merges?.seal?.into).toBe(c);
  });
});

describe('a merge that is undone', () => {
  it('leaves both as if it had never been, but for what came since', () => {
    const world = worldOf(said(a, { id: '1', amount: 500 }), said(b, { id: '2', amount: 600 }), merge(a, b));
    tell(world, said(a, { id: '3', amount: 1 }), said(b, { id: '4', amount: 2 }), undo(a));
    expect([amounts(world, a), amounts(world, b)]).toEqual([
      [1, 500],
      [2, 600],
    ]);
    const undone = { type: 'merge', undone: true, by: 'ann', why: 'twice' };
    expect(history(world, a).at(-1)).toEqual([null, 'B', 'initial', { ...undone, customer: b }]);
    expect(history(world, b).at(-1)).toEqual(['A', 'B', 'down', { ...undone, customer: a }]);
  });

  it('may be done again, and undone again', () => {
    const world = worldOf(said(a, { id: '1', amount: 500 }), merge(a, b, '1'), undo(a, '2'), merge(a, b, '3'));
    expect(amounts(world, b)).toEqual([500]);
    tell(world, undo(a, '4'));
    expect([amounts(world, a), amounts(world, b)]).toEqual([[500], []]);
  });

  it('does not come back with a repeat of the command, nor does it go twice', () => {
    const world = worldOf(said(a, { id: '1', amount: 500 }), merge(a, b, '1'), undo(a, '2'), merge(a, b, '1'));
    expect(world.state(a).merges?.seal).toBeUndefined();
    tell(world, merge(a, b, '3'), merge(a, b, '4'), undo(a, '2'));
    expect(world.state(a).merges?.seal?.into).toBe(b);
    expect(history(world, a).filter(([, to]) => to === null)).toHaveLength(2);
    expect(world.refused).toEqual([]);
  });
});

describe('a merge that cannot be', () => {
  it.each([
    ['into itself', [], merge(a, a), `${a} cannot become part of itself`],
    [
      'into one of its own',
      [merge(b, a)],
      merge(a, b),
      `${a} cannot become part of ${b}, which is part of it already: undo that merge first`,
    ],
    ['taken back', [], undo(a), `${a} is part of no other customer: there is no merge to undo`],
  ])('is refused with a sentence: %s', (_, before, event, sentence) => {
    const world = worldOf(said(a, { id: '1', amount: 500 }), ...before, event);
    expect(world.refused).toEqual([sentence]);
    expect(gradeOf(world, a)).toBe('B');
  });

  it('makes up nobody', () => {
    const world = worldOf(merge(a, a));
    expect([world.refused.length, world.state(a).version]).toEqual([1, 0]);
  });

  it('ends no customer when it was asked for in a circle at the same moment', () => {
    const world = mergeWorld();
    for (const [from, into] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      world.say(said(from, { id: `of ${from}`, amount: 100 }));
      world.say(merge(from, into));
    }
    world.drain();
    const heads = [a, b, c].filter((customer) => world.state(customer).merges?.seal === undefined);
    expect(heads.length).toBeGreaterThan(0);
    expect(world.refused.length).toBeGreaterThan(0);
    expect(heads.flatMap((head) => amounts(world, head))).toEqual([100, 100, 100]);
  });
});

describe('a record that says whose part its customer is', () => {
  const converted = (customer = b): Becomes => ({ customer, as: 'converted' });
  const told = (becomes?: Becomes) => said(lead, { id: 'lead', ...(becomes === undefined ? {} : { becomes }) });

  it('converts a lead: its facts go along', () => {
    const world = worldOf(said(lead, { id: '1', amount: 500 }), said(b, { id: '2', amount: 600 }), told(converted()));
    expect(history(world, b).at(-1)).toEqual(['B', 'A', 'up', { type: 'converted', customer: lead }]);
    expect(world.state(lead).merges?.seal).toEqual({ into: b, as: 'converted' });
  });

  it('is believed once: what a person undid stays undone until it says something else', () => {
    const world = worldOf(told(converted()), undo(lead), told(converted()));
    expect(world.state(lead).merges?.seal).toBeUndefined();
    tell(world, told(converted(c)));
    expect(world.state(lead).merges?.seal?.into).toBe(c);
  });

  it('takes it back by saying so no more, and by nothing else', () => {
    const world = worldOf(told(converted()), gone(lead, 'lead'));
    expect(world.state(lead).merges?.seal?.into).toBe(b);
    const again = worldOf(told(converted()), told());
    expect(again.state(lead).merges?.seal).toBeUndefined();
    // a person put it elsewhere meanwhile: that stays
    const elsewhere = worldOf(told(converted()), merge(lead, c), told());
    expect(elsewhere.state(lead).merges?.seal?.into).toBe(c);
  });
});
