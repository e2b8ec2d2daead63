import { collapse, dropoutLogLikelihood } from './dropout-likelihood.ts';
import type { DropoutParams, TimeUnit } from './fitted-params.ts';
import { minimise } from './minimise.ts';
import { isPossible, type PurchaseHistory } from './purchase-history.ts';
import { type Refused, refuse } from './refusal.ts';
import type { Vector } from './vector.ts';

export interface FittedDropout {
  readonly ok: true;
  readonly params: DropoutParams;
  readonly logLikelihood: number;
  readonly customers: number;
  readonly repeats: number;
}

const fewestCustomers = 200;
const fewestRepeats = 100;

/** r, α, a, b: the first is where the R package BTYD starts. */
const starts: readonly Vector[] = [
  [1, 3, 1, 3],
  [1, 1, 1, 1],
  [0.2, 4, 0.8, 2.4],
];

/** By maximum likelihood. Refuses below 200 customers or 100 repeat purchases, and where no clear maximum is found. */
export const fitDropout = (
  histories: readonly PurchaseHistory[],
  { variant, unit }: Pick<DropoutParams, 'variant' | 'unit'>,
): FittedDropout | Refused => {
  const repeats = histories.reduce((sum, each) => sum + each.repeats, 0);
  const lacking = tooFew(histories, repeats);
  if (lacking !== undefined) return lacking;

  const scale = scaleOf(histories);
  const scaled = collapse(
    histories.map(({ repeats, recency, age }) => ({ repeats, recency: recency * scale, age: age * scale })),
  );
  const paramsAt = paramsFrom(variant, unit);
  const minimum = minimise(
    (at) => -dropoutLogLikelihood(paramsAt(at), scaled) / histories.length,
    starts.map((start) => start.map(Math.log)),
  );
  if (!minimum.found) return unsettled;
  const { alpha, ...rest } = paramsAt(minimum.at);
  return {
    ok: true,
    params: { ...rest, alpha: alpha / scale },
    // a density per unit of time: x of them per customer
    logLikelihood: -minimum.value * histories.length + repeats * Math.log(scale),
    customers: histories.length,
    repeats,
  };
};

const tooFew = (histories: readonly PurchaseHistory[], repeats: number): Refused | undefined => {
  const impossible = histories.filter((history) => !isPossible(history)).length;
  if (impossible > 0)
    return refuse(
      'unusableHistory',
      `${impossible} purchase histories cannot be: repeats are whole numbers, the last purchase lies between the first and today. Correct the dates and fit again.`,
      `有 ${impossible} 个客户的购买记录不成立：复购次数须为整数，最后一次购买须在首次购买与今天之间。请更正日期后重新拟合。`,
    );
  if (histories.length < fewestCustomers)
    return refuse(
      'tooFewCustomers',
      `${histories.length} customers are too few: at least ${fewestCustomers} are needed. Use a recency rule until there are more.`,
      `客户只有 ${histories.length} 个，至少需要 ${fewestCustomers} 个。数量足够之前，请使用“距上次购买天数”规则。`,
    );
  if (repeats < fewestRepeats)
    return refuse(
      'tooFewRepeats',
      `${repeats} repeat purchases are too few: at least ${fewestRepeats} are needed. Take a longer period, or use a recency rule.`,
      `复购只有 ${repeats} 次，至少需要 ${fewestRepeats} 次。请延长统计期间，或使用“距上次购买天数”规则。`,
    );
  return undefined;
};

const unsettled = refuse(
  'notConverged',
  'These purchases do not settle the model: no clear best fit was found. Take a longer period or more customers, or use a recency rule.',
  '这些购买记录不足以确定模型：找不到明确的最优拟合。请延长期间或增加客户，或使用“距上次购买天数”规则。',
);

/** The search works best when the longest age is some tens. */
const scaleOf = (histories: readonly PurchaseHistory[]): number => {
  const longest = histories.reduce((most, { age }) => Math.max(most, age), 0);
  return longest >= 10 && longest <= 100 ? 1 : 50 / longest;
};

const paramsFrom =
  (variant: DropoutParams['variant'], unit: TimeUnit) =>
  ([r = 0, alpha = 0, a = 0, b = 0]: Vector): DropoutParams => ({
    variant,
    unit,
    r: Math.exp(r),
    alpha: Math.exp(alpha),
    a: Math.exp(a),
    b: Math.exp(b),
  });
