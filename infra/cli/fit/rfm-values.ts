import { calendarOf } from '../../../shared/grading/calendar.ts';
import { createExactSum } from '../../../shared/grading/exact-sum.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { Factor } from '../../../shared/grading/model-shape.ts';
import { placedFactors } from '../../../shared/grading/placed-factors.ts';
import { readSignalsOf } from '../../../shared/grading/read-signals.ts';
import { type Refused, refuse } from '../../../shared/grading/statistics/refusal.ts';
import type { RfmValues } from '../../../shared/grading/statistics/rfm.ts';
import type { CustomerHistory } from './fit-source.ts';
import type { FitInput } from './fitting.ts';

type Of = keyof RfmValues;
export const rfmKinds = ['recencyDays', 'frequency', 'monetary'] as const satisfies readonly Of[];

/** Undefined for who has never bought. */
export type ValuesOf = (history: CustomerHistory) => RfmValues | undefined;

/** By calendar days, over everything ever bought. */
export const valuesOfFacts = ({ source, asOf }: FitInput, events: readonly string[]): ValuesOf => {
  const { dayOf } = calendarOf(source.timezone);
  const today = dayOf(asOf);
  const sum = createExactSum();
  return ({ facts }) => {
    const bought = facts.filter(({ type, at }) => at <= asOf && events.includes(type));
    const last = bought.at(-1);
    if (last === undefined) return undefined;
    sum.clear();
    for (const { amount } of bought) if (amount !== undefined) sum.add(amount.units, amount.scale);
    return { recencyDays: today - dayOf(last.at), frequency: bought.length, monetary: sum.read() };
  };
};

interface PlacedFactor {
  readonly signal: string;
  readonly path: readonly (string | number)[];
}

export type RfmFactors = Readonly<Record<Of, PlacedFactor>>;

/** Recency is what counts days since the last fact, frequency what counts facts, monetary value what adds up amounts. */
const aggregationOf: Readonly<Record<Of, string>> = {
  recencyDays: 'daysSinceLast',
  frequency: 'count',
  monetary: 'sum',
};

/** The factors of a model that score the three. */
export const rfmFactorsOf = (model: Model): RfmFactors | Refused => {
  const placed = placedFactors(model).map(({ factor, path }) => ({ factor, path: path.map(stepOf) }));
  const one = (kind: Of): PlacedFactor | undefined => {
    const found = placed.filter(({ factor }) => aggregation(model, factor) === aggregationOf[kind]);
    const [first] = found;
    return first === undefined || found.length > 1 ? undefined : { signal: first.factor.signal, path: first.path };
  };
  const [recencyDays, frequency, monetary] = [one('recencyDays'), one('frequency'), one('monetary')];
  return recencyDays === undefined || frequency === undefined || monetary === undefined
    ? noFactors
    : { recencyDays, frequency, monetary };
};

const stepOf = (step: PropertyKey): string | number => (typeof step === 'number' ? step : String(step));

const aggregation = ({ signals }: Model, { signal }: Factor): string | undefined => signals[signal]?.agg;

/** As a model's own signals read them, by their windows. */
export const valuesOfSignals = ({ model, asOf }: FitInput, factors: RfmFactors): ValuesOf => {
  if (model === undefined) return () => undefined;
  const read = readSignalsOf(model);
  return (history) => {
    const signal = read({ attributes: history.attributes, facts: history.facts.filter(({ at }) => at <= asOf) }, asOf);
    const [recencyDays = Number.NaN, frequency = 0, monetary = 0] = rfmKinds.map(
      (kind) => signal(factors[kind].signal).number,
    );
    if (Number.isNaN(recencyDays)) return undefined;
    return { recencyDays, frequency: frequency || 0, monetary: monetary || 0 };
  };
};

const noFactors = refuse(
  'noFactors',
  'This model does not score recency, frequency and monetary value: a weighted sum with one factor each over daysSinceLast, count and sum is needed. Begin with the example retail-rfm.yaml, or leave --model out.',
  '此模型没有对最近购买、频次和金额评分：需要加权和中 daysSinceLast、count、sum 各有一个因子。请从示例 retail-rfm.yaml 开始，或去掉 --model。',
);
