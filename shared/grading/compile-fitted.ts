import type { Attributes, Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { fixedMs, msPerDay } from './duration.ts';
import type { EventSignal } from './event-signal.ts';
import { createExactSum } from './exact-sum.ts';
import type { FittedSource } from './signal.ts';
import { ageBelow, aliveProbability, expectedPurchases } from './statistics/dropout-model.ts';
import type { DropoutParams } from './statistics/fitted-params.ts';
import { expectedSpend } from './statistics/gamma-gamma.ts';
import { lifetimeValue } from './statistics/lifetime-value.ts';
import { logisticScore } from './statistics/logistic-score.ts';
import { bayesProbability } from './statistics/naive-bayes.ts';
import { daysPer, type PurchaseHistory, type RepeatSpend } from './statistics/purchase-history.ts';
import { scalarAt } from './view.ts';

export type PurchaseSource = Extract<FittedSource, { events: unknown }>;
type FieldSource = Exclude<FittedSource, PurchaseSource>;

/** Read to a millionth, as everything that is compared. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;

/** A model over attributes: nothing of it moves by itself. */
export const compileFieldModel = (source: FieldSource): ((attributes: Attributes) => number) => {
  if (source.model === 'logistic') {
    const names = Object.keys(source.params.features);
    return (attributes) => {
      const { probability, logOdds } = logisticScore(
        source.params,
        Object.fromEntries(names.map((name) => [name, numberOf(scalarAt(attributes, name))])),
      );
      return rounded(probability ?? logOdds);
    };
  }
  const { params, stage } = source;
  const names = Object.keys(params.variables);
  return (attributes) => {
    const values = Object.fromEntries(names.map((name) => [name, textsOf(scalarAt(attributes, name))]));
    return rounded(
      bayesProbability(params, { stage: String(scalarAt(attributes, stage) ?? ''), values }).percent / 100,
    );
  };
};

const numberOf = (value: Scalar | undefined): number | undefined =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : undefined;

/** Several values of one field, such as tags, are separated by semicolons. */
const textsOf = (value: Scalar | undefined): readonly string[] =>
  value === undefined
    ? []
    : String(value)
        .split(';')
        .map((text) => text.trim())
        .filter((text) => text !== '');

/** A model over purchases: it moves at each local midnight, and without a purchase only down. */
export interface PurchaseSignal extends EventSignal {
  /** From here on it reads as good as 0, if nothing more is bought. */
  readonly vanishes: () => Instant;
}

export const compilePurchaseModel = (source: PurchaseSource, calendar: Calendar): PurchaseSignal => {
  const unit = unitOf(source);
  const valueOf = compileValue(source);
  let facts: Fact[] = [];
  const history = createHistory();
  const clock = new Float64Array(1);
  let tail = 0;
  const enterUntil = (to: Instant): void => {
    for (let fact = facts[tail]; fact !== undefined && fact.at <= to; fact = facts[tail]) {
      history.add(calendar.dayOf(fact.at), fact.amount);
      tail += 1;
    }
  };
  const read = (at: Instant): number | undefined => {
    const known = history.asOf(calendar.dayOf(at), unit);
    const value = known === undefined ? undefined : valueOf(known);
    return value === undefined ? undefined : rounded(value);
  };
  return {
    source: { events: [...source.events] },
    begin: (now) => {
      facts = [];
      tail = 0;
      clock[0] = now;
      history.clear();
      return Number.NEGATIVE_INFINITY;
    },
    offer: (fact) => {
      facts.push(fact);
      enterUntil(clock[0] ?? 0);
    },
    advance: (to) => {
      clock[0] = to;
      enterUntil(to);
    },
    read,
    next: () => facts[tail]?.at ?? Number.POSITIVE_INFINITY,
    now: () => clock[0] ?? 0,
    timeless: () => read(clock[0] ?? 0) ?? Number.NaN,
    countsFrom: () => facts[0]?.at,
    vanishes: () => {
      const params = dropoutOf(source);
      const [first, known] = [history.firstDay(), history.asOf(calendar.dayOf(clock[0] ?? 0), unit)];
      if (params === undefined || first === undefined || known === undefined) return clock[0] ?? 0;
      const age = ageBelow(params, known, asGoodAsDead);
      const days = age === undefined ? 0 : age * daysPer[unit];
      return calendar.startOf(Math.min(first + Math.ceil(days), calendar.dayOf(clock[0] ?? 0) + farthestDays));
    },
  };
};

/** What is expected of customers this unlikely to come back rounds to nothing. */
const asGoodAsDead = 1e-9;
/** A hundred years: nobody's grade is planned beyond. */
const farthestDays = 36_525;

const dropoutOf = (source: PurchaseSource): DropoutParams | undefined => {
  if (source.model === 'gammagamma.mean') return undefined;
  return source.model === 'clv' ? source.params.purchases : source.params;
};

const unitOf = (source: PurchaseSource): DropoutParams['unit'] => dropoutOf(source)?.unit ?? 'day';

type Known = PurchaseHistory & RepeatSpend;

const compileValue = (source: PurchaseSource): ((known: Known) => number | undefined) => {
  switch (source.model) {
    case 'bgnbd.alive':
    case 'mbgnbd.alive':
      return (known) => aliveProbability(source.params, known);
    case 'bgnbd.expected':
    case 'mbgnbd.expected': {
      const span = fixedMs(source.horizon) / msPerDay / daysPer[source.params.unit];
      return (known) => expectedPurchases(source.params, known, span);
    }
    case 'gammagamma.mean':
      return (known) => expectedSpend(source.params, known);
    case 'clv':
      return (known) => lifetimeValue(source.params, known);
  }
};

/** Purchases as they come, oldest first; one day's count as one, and the first day's amount does not enter the mean. */
const createHistory = () => {
  const sum = createExactSum();
  let [first, last, repeats, unknown] = [Number.NaN, Number.NaN, 0, false];
  return {
    clear: (): void => {
      [first, last, repeats, unknown] = [Number.NaN, Number.NaN, 0, false];
      sum.clear();
    },
    add: (day: number, amount: Fact['amount']): void => {
      if (Number.isNaN(first)) [first, last] = [day, day];
      if (day > last) {
        repeats += 1;
        last = day;
      }
      if (day === first) return;
      if (amount === undefined) unknown = true;
      else sum.add(amount.units, amount.scale);
    },
    firstDay: (): number | undefined => (Number.isNaN(first) ? undefined : first),
    asOf: (day: number, unit: DropoutParams['unit']): Known | undefined =>
      Number.isNaN(first)
        ? undefined
        : {
            repeats,
            recency: (last - first) / daysPer[unit],
            age: (day - first) / daysPer[unit],
            meanSpend: repeats === 0 || unknown ? undefined : sum.read() / repeats,
          },
  };
};
