import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dueQueue } from '#shared/grading/backtest/due-queue.ts';

describe('dueQueue', () => {
  it('gives everybody at the instant set last, the earliest first, those of one instant together', () => {
    const anySteps = fc.array(
      fc.oneof(
        fc.record({ customer: fc.nat(3), at: fc.option(fc.nat(4), { nil: undefined }) }),
        fc.constant('take' as const),
      ),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(anySteps, (steps) => {
        const queue = dueQueue();
        const due = new Map<number, number>();
        for (const step of [...steps, ...Array.from({ length: 10 }, () => 'take' as const)]) {
          if (step !== 'take') {
            queue.set(step.customer, step.at);
            if (step.at === undefined) due.delete(step.customer);
            else due.set(step.customer, step.at);
            continue;
          }
          const earliest = due.size === 0 ? undefined : Math.min(...due.values());
          expect(queue.next()).toBe(earliest);
          const expected = [...due].filter(([, at]) => at === earliest).map(([customer]) => customer);
          expect(queue.takeNext()).toEqual(expected.sort((a, b) => a - b));
          for (const customer of expected) due.delete(customer);
        }
      }),
    );
  });
});
