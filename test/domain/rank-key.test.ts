import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/domain/ids.ts';
import { customerOfKey, rankKeyOf, scoreOfKey } from '#shared/domain/rank-key.ts';

const acme = CustomerId.parse('account:shop:42');
const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -5e-324),
  fc.double({ noNaN: true }),
  fc.integer({ min: -1_000, max: 1_000 }).map((hundredths) => hundredths / 100),
);

describe('a rank key', () => {
  it('sorts as text as its numbers fall, then by customer', () => {
    fc.assert(
      fc.property(anyNumber, anyNumber, anyNumber, anyNumber, (a, b, tieA, tieB) => {
        const [one, two] = [rankKeyOf([a, tieA], acme), rankKeyOf([b, tieB], acme)];
        const first = a === b ? Math.sign(tieB - tieA) : Math.sign(b - a);
        const expected = Number.isNaN(first) ? 0 : first;
        if (expected !== 0) expect(one < two ? -1 : 1).toBe(expected);
        if (a === b && tieA === tieB) expect(one).toBe(two);
      }),
      { numRuns: 2_000 },
    );
    expect(rankKeyOf([1], acme) < rankKeyOf([1], CustomerId.parse('account:shop:43'))).toBe(true);
  });

  it('puts what is unknown behind everything', () => {
    expect(rankKeyOf([Number.NaN], acme) > rankKeyOf([Number.NEGATIVE_INFINITY], acme)).toBe(true);
  });

  it('tells its score and its customer again, in any writing', () => {
    fc.assert(
      fc.property(anyNumber, fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), (score, id) => {
        const customer = CustomerId.safeParse(`account:shop:${id}`);
        fc.pre(customer.success);
        const key = rankKeyOf([score, 3], customer.data);
        expect(key).toMatch(/^[\x21-\x7e]+$/);
        expect(scoreOfKey(key)).toBe(score + 0);
        expect(customerOfKey(key)).toBe(customer.data);
      }),
    );
  });
});
