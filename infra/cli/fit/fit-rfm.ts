import { type Refused, refuse } from '../../../shared/grading/statistics/refusal.ts';
import { type RfmCuts, type RfmValues, rfmCuts, rfmScores } from '../../../shared/grading/statistics/rfm.ts';
import { rfmScales } from '../../../shared/grading/statistics/rfm-scales.ts';
import { printTable } from '../print-table.ts';
import type { YamlEdit } from './edit-yaml.ts';
import { figuresIn } from './figures.ts';
import type { Fit, FitInput } from './fitting.ts';
import { rfmTexts } from './rfm-texts.ts';
import { rfmFactorsOf, rfmKinds, valuesOfFacts, valuesOfSignals } from './rfm-values.ts';

export interface RfmSettings {
  /** Types of facts that are purchases; where a model is named, its signals say it. */
  readonly events: readonly string[];
  /** Without it plus-one where all values are whole numbers, exact where one is not. */
  readonly cuts?: 'plus-one' | 'exact' | undefined;
}

const fewestCustomers = 50;

/** Finds the quintiles of recency, frequency and monetary value: by the facts, or by the signals of a model that scores them. */
export const fitRfm =
  ({ events, cuts: asked }: RfmSettings): Fit =>
  async (input) => {
    const factors = input.model === undefined ? undefined : rfmFactorsOf(input.model);
    if (factors !== undefined && 'ok' in factors) return factors;
    const valuesOf = factors === undefined ? valuesOfFacts(input, events) : valuesOfSignals(input, factors);
    const customers: RfmValues[] = [];
    for await (const history of input.histories()) {
      const values = valuesOf(history);
      if (values !== undefined) customers.push(values);
    }
    if (customers.length < fewestCustomers) return tooFew(customers.length);
    const rule = asked === undefined ? fittingRule(customers) : asked === 'exact' ? 'exact' : 'plusOne';
    const cuts = roundedCuts(rfmCuts(customers, rule));
    const scales = rfmScales(cuts, customers);
    return {
      ok: true,
      report: {
        customers: customers.length,
        cuts: { ...cuts },
        counts: countsOf(customers, cuts),
        scales: { ...scales },
      },
      page: page(input, { customers, cuts, rule }),
      proposal: Object.fromEntries(rfmKinds.map((kind) => [kind, { scale: scales[kind] }])),
      editsOf: (model) => {
        const found = rfmFactorsOf(model);
        return 'ok' in found
          ? []
          : rfmKinds.map((kind): YamlEdit => ({ path: [...found[kind].path, 'scale'], value: scales[kind] }));
      },
    };
  };

/** The package's rule is made for whole numbers: on amounts with cents it would move every cut by a whole unit. */
const fittingRule = (customers: readonly RfmValues[]): 'plusOne' | 'exact' =>
  customers.every((customer) => rfmKinds.every((kind) => Number.isInteger(customer[kind]))) ? 'plusOne' : 'exact';

/** To millionths, as they will stand in a file: a quantile carries the noise of doubles, and a value on a cut must not fall by it. */
const roundedCuts = ({ onCut, ...cuts }: RfmCuts): RfmCuts => {
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 1e6) / 1e6);
  return {
    ...{ onCut, recencyDays: rounded(cuts.recencyDays) },
    ...{ frequency: rounded(cuts.frequency), monetary: rounded(cuts.monetary) },
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
