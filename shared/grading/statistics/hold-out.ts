/** What was expected of one customer, and what came. */
export interface Held {
  /** Repeat purchases before the period held out. */
  readonly repeats: number;
  readonly expected: number;
  readonly actual: number;
}

/** Customers who had bought equally often. */
export interface HeldOutRow {
  readonly repeats: number;
  /** True of the last row: so many repeats, or more. */
  readonly orMore: boolean;
  readonly customers: number;
  /** Means per customer. */
  readonly expected: number;
  readonly actual: number;
}

export interface HoldOut {
  readonly customers: number;
  /** Totals over all of them. */
  readonly expected: number;
  readonly actual: number;
  /** Without rows that nobody is in. */
  readonly rows: readonly HeldOutRow[];
}

/** From so many repeats on, customers share a row: as in Fader, Hardie and Lee 2005, table 3. */
const lastRow = 7;

/** Sums up what a model fitted to the time before expected of the time after. */
export const compareHeldOut = (customers: readonly Held[]): HoldOut => {
  const rows = Array.from({ length: lastRow + 1 }, (_, repeats) => {
    const members = customers.filter((each) => Math.min(each.repeats, lastRow) === repeats);
    return {
      repeats,
      orMore: repeats === lastRow,
      customers: members.length,
      expected: sumOf(members, 'expected') / members.length,
      actual: sumOf(members, 'actual') / members.length,
    };
  });
  return {
    customers: customers.length,
    expected: sumOf(customers, 'expected'),
    actual: sumOf(customers, 'actual'),
    rows: rows.filter((row) => row.customers > 0),
  };
};

const sumOf = (customers: readonly Held[], of: 'expected' | 'actual'): number =>
  customers.reduce((sum, each) => sum + each[of], 0);
