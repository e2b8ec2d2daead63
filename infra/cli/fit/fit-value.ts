import { expectedPurchases } from '../../../shared/grading/statistics/dropout-model.ts';
import { fitDropout } from '../../../shared/grading/statistics/fit-dropout.ts';
import { fitGammaGamma } from '../../../shared/grading/statistics/fit-gamma-gamma.ts';
import type { DropoutParams, LifetimeValueParams } from '../../../shared/grading/statistics/fitted-params.ts';
import { expectedSpend } from '../../../shared/grading/statistics/gamma-gamma.ts';
import { lifetimeValue } from '../../../shared/grading/statistics/lifetime-value.ts';
import { daysPer } from '../../../shared/grading/statistics/purchase-history.ts';
import { figuresIn } from './figures.ts';
import { dropoutText, jsonOf, meanOf, roundedDropout, seenTo, variantNames } from './fit-purchases.ts';
import { roundedSpend, spendText } from './fit-spend.ts';
import type { Fit, FitInput } from './fitting.ts';
import { gatherPurchases, holdOutOf, type PurchaseSettings, type SplitHistory } from './gather-purchases.ts';
import { printHeldOut } from './print-held-out.ts';
import { type ProposedSignals, proposalOf, signalEdits } from './propose-signals.ts';
import { purchaseTexts } from './purchase-texts.ts';

export interface ValueSettings extends PurchaseSettings {
  readonly variant: DropoutParams['variant'];
  readonly months: number;
  /** 0.01 takes one per cent off for each month of waiting. */
  readonly discount: number;
  /** The share of an amount that is earned. */
  readonly margin: number;
}

/** Fits how often and for how much customers buy, and says what they are worth. */
export const fitValue =
  (settings: ValueSettings): Fit =>
  async (input) => {
    const customers = await gatherPurchases(input, settings);
    const known = customers.map(({ history }) => history);
    const purchases = fitDropout(known, settings);
    if (!purchases.ok) return purchases;
    const spend = fitGammaGamma(known);
    if (!spend.ok) return spend;
    const { months, discount: discountPerMonth, margin, holdout } = settings;
    const params = {
      ...{ purchases: roundedDropout(purchases.params), spend: roundedSpend(spend.params) },
      ...{ months, discountPerMonth, margin },
    };
    const values = known.flatMap((history) => lifetimeValue(params, history) ?? []);
    const held = holdout === undefined ? undefined : heldOutRevenue(params, customers, holdout);
    const { language } = input;
    const style = { language, figures: figuresIn(language), days: holdout ?? 0, of: 'revenue' as const };
    const signals = signalsOf(params, settings.events);
    const spenders = spend.customers;
    return {
      ok: true,
      report: {
        ...{ seenTo: seenTo(input, settings), customers: purchases.customers, spenders, params },
        ...{ logLikelihood: purchases.logLikelihood, spendLogLikelihood: spend.logLikelihood },
        ...{ correlation: spend.correlation, meanValue: meanOf(values) },
        ...(held === undefined ? {} : { holdOut: { days: holdout ?? 0, ...jsonOf(held) } }),
      },
      page: `${page(input, { params, values, spenders, correlation: spend.correlation }, settings)}${
        held === undefined ? '' : printHeldOut(held, style)
      }`,
      proposal: proposalOf(signals),
      editsOf: signalEdits(signals),
    };
  };

/** Undiscounted, and all of an amount: what would stand in the books. */
const heldOutRevenue = (
  { purchases, spend }: LifetimeValueParams,
  customers: readonly SplitHistory[],
  holdout: number,
) =>
  holdOutOf(
    customers,
    ({ history }) => {
      const each = expectedSpend(spend, history);
      return each === undefined
        ? undefined
        : each * expectedPurchases(purchases, history, holdout / daysPer[purchases.unit]);
    },
    ({ later }) => later.spent,
  );

interface Shown {
  readonly params: LifetimeValueParams;
  readonly values: readonly number[];
  readonly spenders: number;
  readonly correlation: number;
}

const page = (input: FitInput, { params, values, spenders, correlation }: Shown, settings: ValueSettings): string => {
  const texts = purchaseTexts[input.language];
  const { count, amount, parameter, decimal, percent } = figuresIn(input.language);
  const { purchases, spend, months, discountPerMonth, margin } = params;
  const total = values.reduce((sum, each) => sum + each, 0);
  return [
    texts.fittedValue(variantNames[purchases.variant], count(values.length), count(spenders), seenTo(input, settings)),
    texts.parameters(dropoutText(purchases, parameter), texts.units[purchases.unit]),
    texts.spendParameters(spendText(spend, parameter)),
    texts.correlation(decimal(correlation)),
    texts.worth(
      count(months),
      `${parameter(discountPerMonth * 100)} %`,
      percent(margin),
      amount(total),
      amount(meanOf(values)),
    ),
  ].join('');
};

const signalsOf = (params: LifetimeValueParams, events: readonly string[]): ProposedSignals => ({
  lifetimeValue: {
    title: { zh: '客户终身价值', en: 'Customer lifetime value' },
    from: { model: 'clv', params: { ...params }, events },
  },
});
