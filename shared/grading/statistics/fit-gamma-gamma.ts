import type { GammaGammaParams } from './fitted-params.ts';
import { lnGamma } from './ln-gamma.ts';
import { minimise } from './minimise.ts';
import type { RepeatSpend } from './purchase-history.ts';
import { type Refused, refuse } from './refusal.ts';
import type { Vector } from './vector.ts';

export interface FittedGammaGamma {
  readonly ok: true;
  readonly params: GammaGammaParams;
  readonly logLikelihood: number;
  /** Those with a repeat purchase and a mean above zero: the model speaks of no others. */
  readonly customers: number;
  /** Between repeats and mean spend, over those. The model takes it to be 0. */
  readonly correlation: number;
}

interface Spend {
  readonly repeats: number;
  readonly mean: number;
}

const fewestCustomers = 100;
const mostCorrelation = 0.3;

const starts: readonly Vector[] = [
  [1, 2, 1],
  [6, 4, 0.5],
  [2, 10, 5],
];

/** By maximum likelihood. Refuses below 100 customers who bought again, and where spend goes with frequency. */
export const fitGammaGamma = (customers: readonly RepeatSpend[]): FittedGammaGamma | Refused => {
  const spends = customers.flatMap(({ repeats, meanSpend }): Spend[] =>
    repeats > 0 && meanSpend !== undefined && meanSpend > 0 ? [{ repeats, mean: meanSpend }] : [],
  );
  if (spends.length < fewestCustomers) return tooFew(spends.length);
  const correlation = correlationOf(spends);
  if (Math.abs(correlation) > mostCorrelation) return followsFrequency(correlation);

  // amounts in units of their own mean: the search starts near the same place for yen and for dinars
  const unit = spends.reduce((sum, { mean }) => sum + mean, 0) / spends.length;
  const scaled = byRepeats(spends, unit);
  const minimum = minimise(
    (at) => -gammaGammaLogLikelihood(paramsAt(at), scaled) / spends.length,
    starts.map((start) => start.map(Math.log)),
  );
  if (!minimum.found) return unsettled;
  const params = paramsAt(minimum.at);
  if (!(params.q > 1)) return noMean;
  return {
    ok: true,
    params: { ...params, gamma: params.gamma * unit },
    logLikelihood: -minimum.value * spends.length - spends.length * Math.log(unit),
    customers: spends.length,
    correlation,
  };
};

const paramsAt = ([p = 0, q = 0, gamma = 0]: Vector): GammaGammaParams => ({
  p: Math.exp(p),
  q: Math.exp(q),
  gamma: Math.exp(gamma),
});

/** ln L over customers with a repeat purchase and a mean above zero (brucehardie.com/notes/025). */
const gammaGammaLogLikelihood = ({ p, q, gamma }: GammaGammaParams, meansByRepeats: MeansByRepeats): number => {
  const once = q * Math.log(gamma) - lnGamma(q);
  let sum = 0;
  for (const [x, means] of meansByRepeats) {
    const px = p * x;
    sum += means.length * (lnGamma(px + q) - lnGamma(px) + once + px * Math.log(x));
    for (const mean of means) sum += (px - 1) * Math.log(mean) - (px + q) * Math.log(gamma + x * mean);
  }
  return sum;
};

/** What depends on the repeats alone is computed once for all who share them. */
type MeansByRepeats = ReadonlyMap<number, readonly number[]>;

const byRepeats = (spends: readonly Spend[], unit: number): MeansByRepeats => {
  const means = new Map<number, number[]>();
  for (const { repeats, mean } of spends) {
    const known = means.get(repeats);
    if (known === undefined) means.set(repeats, [mean / unit]);
    else known.push(mean / unit);
  }
  return means;
};

/** Pearson's; 0 where one of the two does not vary. */
const correlationOf = (spends: readonly Spend[]): number => {
  const count = spends.length;
  const meanX = spends.reduce((sum, { repeats }) => sum + repeats, 0) / count;
  const meanM = spends.reduce((sum, { mean }) => sum + mean, 0) / count;
  let [xm, xx, mm] = [0, 0, 0];
  for (const { repeats, mean } of spends) {
    xm += (repeats - meanX) * (mean - meanM);
    xx += (repeats - meanX) ** 2;
    mm += (mean - meanM) ** 2;
  }
  return xx > 0 && mm > 0 ? xm / Math.sqrt(xx * mm) : 0;
};

const tooFew = (found: number): Refused =>
  refuse(
    'tooFewCustomers',
    `${found} customers bought again for a known positive amount; at least ${fewestCustomers} are needed. Use the average order value until there are more.`,
    `有复购且金额为正的客户只有 ${found} 个，至少需要 ${fewestCustomers} 个。数量足够之前，请使用平均订单金额。`,
  );

const followsFrequency = (correlation: number): Refused =>
  refuse(
    'spendFollowsFrequency',
    `Spend goes with frequency here (correlation ${correlation.toFixed(2)}, at most ${mostCorrelation} is allowed): the model would mislead. Fit wholesale and retail customers apart.`,
    `消费金额与购买频次相关（相关系数 ${correlation.toFixed(2)}，上限 ${mostCorrelation}），模型会产生误导。请将批发与零售客户分开拟合。`,
  );

const unsettled = refuse(
  'notConverged',
  'These amounts do not settle the model: no clear best fit was found. Take more customers, or use the average order value.',
  '这些金额不足以确定模型：找不到明确的最优拟合。请增加客户，或使用平均订单金额。',
);

const noMean = refuse(
  'spendNotSettled',
  'A few very large amounts decide everything: the fitted spend has no mean. Leave out the extraordinary orders, or use the median order value.',
  '少数极大金额左右了结果：拟合出的消费没有均值。请剔除特殊大单，或使用订单金额中位数。',
);
