/** A cut between two classes, as exact ten-thousandths: 2000 is 20 %. */
export type BasisPoints = number;

/** A class ends after so many of the customers, or so much of the value. */
export type AbcRule =
  | { readonly by: 'rank'; readonly upTo: readonly BasisPoints[] }
  /**
   * `start` looks at the share before the customer (< cut): who straddles a cut belongs to the better class, which is never
   * empty. `end` looks at the share with the customer (≤ cut): one dominant customer leaves the best class empty.
   */
  | { readonly by: 'share'; readonly upTo: readonly BasisPoints[]; readonly boundary: 'start' | 'end' };

export interface AbcClass {
  readonly customers: number;
  /** 0 to 1 of all that is above zero. */
  readonly share: number;
}

/**
 * Classes of a whole population at once, best first and one more than there are cuts: what a cut would have meant. Values
 * are whole units such as cents, below 9·10¹¹ in all so that nothing rounds; those at or below zero count as nothing in
 * shares. Equal values keep the order given.
 */
export const abcClasses = (values: readonly number[], rule: AbcRule): AbcClass[] => {
  const sorted = [...values].sort((a, b) => b - a).map((value) => Math.max(0, value));
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const classOf = rule.by === 'rank' ? byRank(rule.upTo, values.length) : byShare(rule, total);
  const classes = Array.from({ length: rule.upTo.length + 1 }, () => ({ customers: 0, value: 0 }));
  let before = 0;
  for (const [i, value] of sorted.entries()) {
    const one = classes[classOf(i, before, value)];
    if (one !== undefined) {
      one.customers += 1;
      one.value += value;
    }
    before += value;
  }
  return classes.map(({ customers, value }) => ({ customers, share: total > 0 ? value / total : 0 }));
};

type ClassOf = (rank: number, before: number, value: number) => number;

const whole = 10_000;

const byRank = (upTo: readonly BasisPoints[], count: number): ClassOf => {
  // in integers: 0.07 · 100 is above 7 in doubles and would round up to 8
  const last = upTo.map((points) => Math.ceil((points * count) / whole));
  return (rank) => last.filter((end) => rank >= end).length;
};

const byShare = ({ upTo, boundary }: Extract<AbcRule, { by: 'share' }>, total: number): ClassOf => {
  const cuts = upTo.map((points) => points * total);
  return boundary === 'start'
    ? (_, before) => cuts.filter((cut) => before * whole >= cut).length
    : (_, before, value) => cuts.filter((cut) => (before + value) * whole > cut).length;
};
