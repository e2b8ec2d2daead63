import { expect, it } from 'vitest';
import { CustomerId } from '#shared/domain/ids.ts';
import { type GradedCustomers, trailOfGraded } from '#shared/usecases/trail-of-graded.ts';

const graded = (id: string, events: readonly string[], more: object = {}): GradedCustomers['idle'][number] => ({
  customer: CustomerId.parse(`account:shop:${id}`),
  events: events.map((event) => ({ id: event })),
  ...{ entries: [], outdated: false },
  ...more,
});

it('tells which events led to which changes, and nothing of a customer who is decided again', () => {
  const told: unknown[] = [];
  const committed = [
    graded('1', ['e1', 'e2'], { entries: [{ seq: 7 }] as unknown as GradedCustomers['idle'][number]['entries'] }),
    graded('2', ['e3']),
  ];
  const idle = [graded('3', ['e4']), graded('4', ['e5'], { outdated: true })];
  trailOfGraded('grade-customers', { committed, idle }, (...line) => void told.push(line));
  expect(told).toEqual([
    ['grade-customers', ['e1', 'e2'], ['account:shop:1#7'], 'changed'],
    ['grade-customers', ['e3'], [], 'unchanged'],
    ['grade-customers', ['e4'], [], 'known'],
  ]);
});
