import { calendarOf } from '../../../shared/grading/calendar.ts';
import { createExactSum } from '../../../shared/grading/exact-sum.ts';
import type { Model } from '../../../shared/grading/model.ts';
import type { Factor } from '../../../shared/grading/model-shape.ts';
import { placedFactors } from '../../../shared/grading/placed-factors.ts';
import { readSignalsOf } from '../../../shared/grading/read-signals.ts';
import { type Refused, refuse } from '../../../shared/grading/statistics/refusal.ts';
import { type RfmCuts, type RfmValues, rfmCuts, rfmScores } from '../../../shared/grading/statistics/rfm.ts';
import { rfmScales } from '../../../shared/grading/statistics/rfm-scales.ts';
import { printTable } from '../print-table.ts';
import type { YamlEdit } from './edit-yaml.ts';
import { figuresIn } from './figures.ts';
import type { CustomerHistory } from './fit-source.ts';
import type { Fit, FitInput } from './fitting.ts';
import { rfmTexts } from './rfm-texts.ts';

export interface RfmSettings {
  /** Types of facts that are purchases; where a model is named, its signals say it. */
  readonly events: readonly string[];
  /** Without it plus-one where all values are whole numbers, exact where one is not. */
  readonly cuts?: 'plus-one' | 'exact' | undefined;
}

type Of = keyof RfmValues;
const kinds = ['recencyDays', 'frequency', 'monetary'] as const satisfies readonly Of[];

const fewestCustomers = 50;

/** Finds the quintiles of recency, frequency and monetary value: by the facts, or by the signals of a model that scores them. */
export const fitRfm =
  ({ events, cuts: asked }: RfmSettings): Fit =>
  async (input) => {
    const factors = input.model === undefined ? undefined : factorsOf(input.model);
    if (factors !== undefined && 'ok' in factors) return factors;
    const valuesOf = factors === undefined ? valuesOfFacts(input, events) : valuesOfSignals(input, factors);
    const customers: RfmValues[] = [];
    for await (const history of input.histories()) {
      const values = valuesOf(history);
      if (values !== undefined) customers.push(values);
    }
    if (customers.length < fewestCustomers) return tooFew(customers.length);
    const rule = asked === undefined ? fittingRule(customers) : asked === 'exact' ? 'exact' : 'plusOne';
    const cuts = rfmCuts(customers, rule);
    const scales = rfmScales(cuts, customers);
    return {
      ok: true,
      report: {
        customers: customers.length,
        cuts: roundedCuts(cuts),
        counts: countsOf(customers, cuts),
        scales: { ...scales },
      },
      page: page(input, { customers, cuts, rule }),
      proposal: Object.fromEntries(kinds.map((kind) => [kind, { scale: scales[kind] }])),
      editsOf: (model) => {
        const found = factorsOf(model);
        return 'ok' in found
          ? []
          : kinds.map((kind): YamlEdit => ({ path: [...found[kind].path, 'scale'], value: scales[kind] }));
      },
    };
  };

/** The package's rule is made for whole numbers: on amounts with cents it would move every cut by a whole unit. */
const fittingRule = (customers: readonly RfmValues[]): 'plusOne' | 'exact' =>
  customers.every((customer) => kinds.every((kind) => Number.isInteger(customer[kind]))) ? 'plusOne' : 'exact';

const roundedCuts = ({ onCut, ...cuts }: RfmCuts) => {
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e6) / 1e6);
  return {
    ...{ onCut, recencyDays: rounded(cuts.recencyDays) },
    ...{ frequency: rounded(cuts.frequency), monetary: rounded(cuts.monetary) },
  };
};

type ValuesOf = (history: CustomerHistory) => RfmValues | undefined;

const valuesOfFacts = ({ source, asOf }: FitInput, events: readonly string[]): ValuesOf => {
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

type RfmFactors = Readonly<Record<Of, PlacedFactor>>;

/** Recency is what counts days since the last fact, frequency what counts facts, monetary value what adds up amounts. */
const aggregationOf: Readonly<Record<Of, string>> = {
  recencyDays: 'daysSinceLast',
  frequency: 'count',
  monetary: 'sum',
};

const factorsOf = (model: Model): RfmFactors | Refused => {
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

const valuesOfSignals = ({ model, asOf }: FitInput, factors: RfmFactors): ValuesOf => {
  if (model === undefined) return () => undefined;
  const read = readSignalsOf(model);
  return (history) => {
    const signal = read({ attributes: history.attributes, facts: history.facts.filter(({ at }) => at <= asOf) }, asOf);
    const [recencyDays = Number.NaN, frequency = 0, monetary = 0] = kinds.map(
      (kind) => signal(factors[kind].signal).number,
    );
    if (Number.isNaN(recencyDays)) return undefined;
    return { recencyDays, frequency: frequency || 0, monetary: monetary || 0 };
  };
};

const countsOf = (customers: readonly RfmValues[], cuts: RfmCuts) => {
  const scores = customers.map((customer) => rfmScores(customer, cuts));
  const count = (of: 'recency' | 'frequency' | 'monetary'): number[] =>
    [1, 2, 3, 4, 5].map((score) => scores.filter((each) => each[of] === score).length);
  return { recency: count('recency'), frequency: count('frequency'), monetary: count('monetary') };
};

interface Shown {
  readonly customers: readonly RfmValues[];
  readonly cuts: RfmCuts;
  readonly rule: 'plusOne' | 'exact';
}

const page = (input: FitInput, { customers, cuts, rule }: Shown): string => {
  const texts = rfmTexts[input.language];
  const { count } = figuresIn(input.language);
  const counts = countsOf(customers, cuts);
  const right = 'right' as const;
  const number = new Intl.NumberFormat(input.language === 'zh' ? 'zh-CN' : 'en-US', { maximumFractionDigits: 3 });
  const titles = [1, 2, 3, 4].map((i) => ({ title: texts.cut(String(i * 20)), align: right }));
  const scores = [1, 2, 3, 4, 5].map((score) => ({ title: texts.score(String(score)), align: right }));
  const row = (title: string, at: readonly number[], each: readonly number[]): string[] => [
    ...[title, ...at.map((cut) => number.format(cut))],
    ...each.map(count),
  ];
  return [
    texts.fitted(count(customers.length)),
    texts.rules[rule],
    input.model === undefined ? '' : texts.bySignals,
    printTable(
      [{ title: '' }, ...titles, ...scores],
      [
        row(texts.recency, cuts.recencyDays, counts.recency),
        row(texts.frequency, cuts.frequency, counts.frequency),
        row(texts.monetary, cuts.monetary, counts.monetary),
      ],
    ),
  ].join('');
};

const tooFew = (customers: number): Refused =>
  refuse(
    'tooFewCustomers',
    `${customers} customers with a purchase are too few for quintiles: at least ${fewestCustomers} are needed. Set the limits by hand until there are more.`,
    `有购买的客户只有 ${customers} 个，不足以计算五分位：至少需要 ${fewestCustomers} 个。数量足够之前，请手工设定界限。`,
  );

const noFactors = refuse(
  'noFactors',
  'This model does not score recency, frequency and monetary value: a weighted sum with one factor each over daysSinceLast, count and sum is needed. Begin with the example retail-rfm.yaml, or leave --model out.',
  '此模型没有对最近购买、频次和金额评分：需要加权和中 daysSinceLast、count、sum 各有一个因子。请从示例 retail-rfm.yaml 开始，或去掉 --model。',
);
