import { type FittedGammaGamma, fitGammaGamma } from '../../../shared/grading/statistics/fit-gamma-gamma.ts';
import type { GammaGammaParams } from '../../../shared/grading/statistics/fitted-params.ts';
import { expectedSpend } from '../../../shared/grading/statistics/gamma-gamma.ts';
import { figuresIn } from './figures.ts';
import { jsonOf, seenTo } from './fit-purchases.ts';
import { type Fit, type FitInput, significant } from './fitting.ts';
import { gatherPurchases, holdOutOf, type PurchaseSettings, type SplitHistory } from './gather-purchases.ts';
import { printHeldOut } from './print-held-out.ts';
import { type ProposedSignals, proposalOf, signalEdits } from './propose-signals.ts';
import { purchaseTexts } from './purchase-texts.ts';

/** Fits Gamma-Gamma to what repeat purchases came to: the mean amount to expect of a customer. */
export const fitSpend =
  (settings: PurchaseSettings): Fit =>
  async (input) => {
    const customers = await gatherPurchases(input, settings);
    const fitted = fitGammaGamma(customers.map(({ history }) => history));
    if (!fitted.ok) return fitted;
    const params = roundedSpend(fitted.params);
    const days = settings.holdout;
    const held = days === undefined ? undefined : heldOutSpend(params, customers);
    const { language } = input;
    const style = { language, figures: figuresIn(language), days: days ?? 0, of: 'spendPerPurchase' as const };
    const signals = signalsOf(params, settings.events);
    return {
      ok: true,
      report: {
        ...{ seenTo: seenTo(input, settings), customers: fitted.customers, params },
        ...{ logLikelihood: fitted.logLikelihood, correlation: fitted.correlation },
        ...(held === undefined ? {} : { holdOut: { days: days ?? 0, ...jsonOf(held) } }),
      },
      page: `${page(input, fitted, settings)}${held === undefined ? '' : printHeldOut(held, style)}`,
      proposal: proposalOf(signals),
      editsOf: signalEdits(signals),
    };
  };

export const roundedSpend = ({ p, q, gamma }: GammaGammaParams): GammaGammaParams => ({
  ...{ p: significant(p), q: significant(q), gamma: significant(gamma) },
});

export const spendText = ({ p, q, gamma }: GammaGammaParams, write: (value: number) => string): string =>
  `p ${write(p)}, q ${write(q)}, γ ${write(gamma)}`;

/** Of customers who bought again before, and once more in the days held out. */
const heldOutSpend = (params: GammaGammaParams, customers: readonly SplitHistory[]) =>
  holdOutOf(
    customers,
    ({ history }) => (history.repeats > 0 ? expectedSpend(params, history) : undefined),
    ({ later: { purchases, spent } }) => (purchases > 0 && spent !== undefined ? spent / purchases : undefined),
  );

const page = (input: FitInput, fitted: FittedGammaGamma, settings: PurchaseSettings): string => {
  const texts = purchaseTexts[input.language];
  const { count, amount, parameter, decimal } = figuresIn(input.language);
  const { p, q, gamma } = fitted.params;
  return [
    texts.fittedSpend(count(fitted.customers), seenTo(input, settings)),
    texts.spendParameters(spendText(fitted.params, parameter)),
    texts.likelihood(amount(fitted.logLikelihood)),
    texts.correlation(decimal(fitted.correlation)),
    texts.meanSpend(amount((p * gamma) / (q - 1))),
  ].join('');
};

const signalsOf = (params: GammaGammaParams, events: readonly string[]): ProposedSignals => ({
  spendToExpect: {
    title: { zh: '预计单次消费', en: 'Spend expected per purchase' },
    from: { model: 'gammagamma.mean', params, events },
  },
});
