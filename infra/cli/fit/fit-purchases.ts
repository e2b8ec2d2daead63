import { calendarOf } from '../../../shared/grading/calendar.ts';
import { aliveProbability, expectedPurchases, newCustomer } from '../../../shared/grading/statistics/dropout-model.ts';
import { type FittedDropout, fitDropout } from '../../../shared/grading/statistics/fit-dropout.ts';
import type { DropoutParams, TimeUnit } from '../../../shared/grading/statistics/fitted-params.ts';
import { daysPer } from '../../../shared/grading/statistics/purchase-history.ts';
import { figuresIn } from './figures.ts';
import { type Fit, type FitInput, significant } from './fitting.ts';
import { gatherPurchases, holdOutOf, type PurchaseSettings, type SplitHistory } from './gather-purchases.ts';
import { printHeldOut } from './print-held-out.ts';
import { type ProposedSignals, proposalOf, signalEdits } from './propose-signals.ts';
import { purchaseTexts } from './purchase-texts.ts';

type Variant = DropoutParams['variant'];

export const variantNames: Readonly<Record<Variant, string>> = { bgnbd: 'BG/NBD', mbgnbd: 'MBG/NBD' };

/** Fits BG/NBD or MBG/NBD to purchases: the chance that a customer still buys, and how much there is to come. */
export const fitPurchases =
  (variant: Variant, settings: PurchaseSettings): Fit =>
  async (input) => {
    const customers = await gatherPurchases(input, settings);
    const fitted = fitDropout(
      customers.map(({ history }) => history),
      { variant, unit: settings.unit },
    );
    if (!fitted.ok) return fitted;
    const params = roundedDropout(fitted.params);
    const held = heldOutPurchases(params, customers, settings);
    const alive = meanOf(customers.map(({ history }) => aliveProbability(params, history)));
    const signals = signalsOf(params, settings.events);
    return {
      ok: true,
      report: {
        ...{ seenTo: seenTo(input, settings), customers: fitted.customers, repeats: fitted.repeats },
        ...{ params, logLikelihood: fitted.logLikelihood, alive },
        ...(held === undefined ? {} : { holdOut: { days: settings.holdout ?? 0, ...jsonOf(held) } }),
      },
      page: `${page(input, { fitted, params, alive }, settings)}${
        held === undefined ? '' : printHeldOut(held, heldStyle(input, settings))
      }`,
      proposal: proposalOf(signals),
      editsOf: signalEdits(signals),
    };
  };

export const roundedDropout = ({ variant, unit, r, alpha, a, b }: DropoutParams): DropoutParams => ({
  ...{ variant, unit, r: significant(r), alpha: significant(alpha), a: significant(a), b: significant(b) },
});

/** Rows of a hold-out as plain JSON. */
export const jsonOf = ({ rows, ...totals }: ReturnType<typeof holdOutOf>) => ({
  ...totals,
  rows: rows.map((row) => ({ ...row })),
});

/** The last day that the fit saw, YYYY-MM-DD. */
export const seenTo = ({ asOf, source }: FitInput, { holdout = 0 }: Pick<PurchaseSettings, 'holdout'>): string =>
  new Date((calendarOf(source.timezone).dayOf(asOf) - holdout) * 86_400_000).toISOString().slice(0, 10);

export const dropoutText = ({ r, alpha, a, b }: DropoutParams, write: (value: number) => string): string =>
  `r ${write(r)}, α ${write(alpha)}, a ${write(a)}, b ${write(b)}`;

const heldOutPurchases = (params: DropoutParams, customers: readonly SplitHistory[], settings: PurchaseSettings) => {
  if (settings.holdout === undefined) return undefined;
  const span = settings.holdout / daysPer[settings.unit];
  return holdOutOf(
    customers,
    ({ history }) => expectedPurchases(params, history, span),
    ({ later }) => later.purchases,
  );
};

const heldStyle = ({ language }: FitInput, { holdout = 0 }: PurchaseSettings) => ({
  ...{ language, figures: figuresIn(language), days: holdout, of: 'purchases' as const },
});

interface Shown {
  readonly fitted: FittedDropout;
  readonly params: DropoutParams;
  readonly alive: number;
}

const page = (input: FitInput, { fitted, params, alive }: Shown, settings: PurchaseSettings): string => {
  const texts = purchaseTexts[input.language];
  const { count, amount, parameter, percent } = figuresIn(input.language);
  const { variant, unit } = params;
  const yearly = expectedPurchases(params, newCustomer, 365 / daysPer[unit]);
  return [
    texts.fittedDropout(variantNames[variant], count(fitted.customers), count(fitted.repeats), seenTo(input, settings)),
    texts.parameters(dropoutText(params, parameter), texts.units[unit satisfies TimeUnit]),
    texts.likelihood(amount(fitted.logLikelihood)),
    texts.newCustomer(amount(yearly)),
    texts.alive(percent(alive)),
    variant === 'bgnbd' ? texts.onceCounts : '',
    texts.increasing,
  ].join('');
};

const signalsOf = (params: DropoutParams, events: readonly string[]): ProposedSignals => ({
  alive: {
    title: { zh: '仍会购买的概率', en: 'Chance that the customer still buys' },
    from: { model: `${params.variant}.alive`, params, events },
  },
  purchasesToCome: {
    title: { zh: '未来 90 天预计购买次数', en: 'Purchases expected in 90 days' },
    from: { model: `${params.variant}.expected`, params, events, horizon: 'P90D' },
  },
});

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
