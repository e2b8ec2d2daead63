import type { Attributes, Fact, Scalar } from '#shared/domain/fact.ts';
import type { Profile } from '#shared/domain/profile.ts';

/** The instant at which the benchmark grades: 2026-03-02 09:00 in Shanghai. */
export const gradedAt = Date.parse('2026-03-02T09:00:00+08:00');

const msPerDay = 86_400_000;
const factTypes = ['invoice.paid', 'invoice.refunded', 'meeting.held', 'call.completed', 'complaint.opened'] as const;
const industries = ['leader', 'major', 'regional', 'small'] as const;

/** A generator of numbers in 0..1 that is the same on every run (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A customer of `facts` facts over the 500 days before `now`. */
export const benchCustomer = (facts: number, random: () => number, now: number): Profile => {
  const anyFact = (): Fact => {
    const type = factTypes[Math.floor(random() * factTypes.length)] ?? 'invoice.paid';
    const at = now - Math.floor(random() * 500 * msPerDay);
    return type.startsWith('invoice')
      ? { type, at, amount: { units: Math.floor(random() * 5_000_000), scale: 2, currency: 'CNY' } }
      : { type, at };
  };
  const attributes: Attributes = {
    employees: Math.floor(random() * 2_000),
    industry: industries[Math.floor(random() * industries.length)] ?? 'small',
    decisionInDays: Math.floor(random() * 300),
    budget: Math.floor(random() * 800_000),
    fit: Math.floor(random() * 100),
  };
  return { attributes, facts: Array.from({ length: facts }, anyFact).sort((a, b) => a.at - b.at) };
};

/** Customers of `facts` facts each, read from JSON as the pipeline reads them. */
export const benchCustomers = (count: number, facts: number): readonly Profile[] => {
  const random = seeded(7);
  const customers = Array.from({ length: count }, () => benchCustomer(facts, random, gradedAt));
  return JSON.parse(JSON.stringify(customers)) as Profile[];
};

/** A factor that all contestants can express: bands over a number, or a map over a category. */
export interface BenchFactor {
  readonly id: string;
  readonly weight: number;
  readonly attribute?: string;
  readonly events?: readonly string[];
  readonly agg?: 'sum' | 'count' | 'daysSinceLast';
  readonly days?: number;
  readonly bands?: readonly (readonly [number, number])[];
  readonly else?: number;
  readonly map?: Readonly<Record<string, number>>;
}

const byEvents = (
  id: string,
  agg: 'sum' | 'count',
  events: readonly string[],
  days: number,
  limits: readonly number[],
): Omit<BenchFactor, 'weight'> => ({
  id,
  agg,
  events,
  days,
  bands: limits.map((limit, i) => [limit, 1 - i / limits.length]),
  else: 0,
});

const tenFactors: readonly Omit<BenchFactor, 'weight'>[] = [
  byEvents('sales365', 'sum', ['invoice.paid', 'invoice.refunded'], 365, [80_000, 40_000, 10_000]),
  byEvents('orders365', 'count', ['invoice.paid'], 365, [4, 2, 1]),
  byEvents('sales90', 'sum', ['invoice.paid', 'invoice.refunded'], 90, [20_000, 5_000]),
  byEvents('meetings180', 'count', ['meeting.held'], 180, [3, 1]),
  byEvents('calls90', 'count', ['call.completed'], 90, [2, 1]),
  {
    id: 'employees',
    attribute: 'employees',
    bands: [
      [1_000, 1],
      [200, 0.8],
      [50, 0.5],
    ],
    else: 0.1,
  },
  { id: 'industry', attribute: 'industry', map: { leader: 1, major: 0.7, regional: 0.4, small: 0.1 } },
  {
    id: 'decision',
    attribute: 'decisionInDays',
    bands: [
      [180, 0.2],
      [90, 0.5],
      [0, 1],
    ],
    else: 0,
  },
  {
    id: 'budget',
    attribute: 'budget',
    bands: [
      [500_000, 1],
      [100_000, 0.5],
    ],
    else: 0,
  },
  {
    id: 'fit',
    attribute: 'fit',
    bands: [
      [80, 1],
      [50, 0.6],
      [20, 0.2],
    ],
    else: 0,
  },
];

const moreFactors: readonly Omit<BenchFactor, 'weight'>[] = Array.from({ length: 40 }, (_, i) => {
  const days = 30 + 25 * i;
  const type = factTypes[i % factTypes.length] ?? 'invoice.paid';
  return i % 3 === 2
    ? {
        id: `fit${i}`,
        attribute: 'fit',
        bands: [
          [90 - i, 1],
          [45 - i, 0.5],
        ] as const,
        else: 0,
      }
    : byEvents(`count${i}`, 'count', [type], days, [2, 1]);
});

/** Weights are equal and sum to 100. */
export const benchFactors = (count: 10 | 25 | 50): readonly BenchFactor[] =>
  [...tenFactors, ...moreFactors].slice(0, count).map((factor) => ({ ...factor, weight: 100 / count }));

export const benchCuts = { A: 55, B: 30 } as const;

/** The factors as a model file; without `windows` every fact ever counts. */
export const benchModelFile = (factors: readonly BenchFactor[], windows: boolean): unknown => ({
  apiVersion: 'grading/v1',
  kind: 'GradingModel',
  id: 'bench',
  version: 1,
  title: 'Bench',
  subject: 'account',
  timezone: 'Asia/Shanghai',
  currency: 'CNY',
  signals: Object.fromEntries(factors.map((factor) => [factor.id, signalOf(factor, windows)])),
  score: {
    combine: 'weightedSum',
    groups: {
      all: {
        factors: factors.map(({ id, weight, map, bands, else: otherwise }) => ({
          signal: id,
          weight,
          scale: map === undefined ? { bands, else: otherwise } : { map },
        })),
      },
    },
  },
  grades: [
    { id: 'A', label: 'A' },
    { id: 'B', label: 'B' },
    { id: 'C', label: 'C' },
  ],
  cutoffs: { method: 'absolute', atLeast: benchCuts },
});

const signalOf = ({ attribute, events, agg, days }: BenchFactor, windows: boolean): unknown => {
  if (attribute !== undefined) return { from: { attribute } };
  return {
    from: { events },
    agg,
    ...(agg === 'sum' ? { value: { path: 'amount', sign: { 'invoice.refunded': -1 } } } : {}),
    window: windows ? { last: `P${days ?? 0}D`, align: 'day' } : { lifetime: true },
  };
};

const shanghai = 8 * 3_600_000;

/** Signal values for a rule engine, which has no windows of its own: one pass over the facts per signal. */
export const signalValues = (factors: readonly BenchFactor[], windows: boolean) => {
  return ({ attributes, facts }: Profile, now: number): Record<string, Scalar> => {
    const today = Math.floor((now + shanghai) / msPerDay) * msPerDay - shanghai;
    const values: Record<string, Scalar> = {};
    for (const { id, attribute, events = [], agg, days = 0 } of factors) {
      if (attribute !== undefined) {
        values[id] = attributes[attribute] ?? 0;
        continue;
      }
      const from = windows ? today - (days - 1) * msPerDay : Number.NEGATIVE_INFINITY;
      let value = 0;
      for (const { type, at, amount } of facts) {
        if (at < from || at > now || !events.includes(type)) continue;
        value += agg === 'count' ? 1 : (amount?.units ?? 0) * (type === 'invoice.refunded' ? -1 : 1);
      }
      values[id] = agg === 'sum' ? value / 100 : value;
    }
    return values;
  };
};
