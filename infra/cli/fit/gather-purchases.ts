import { calendarOf } from '../../../shared/grading/calendar.ts';
import { createExactSum } from '../../../shared/grading/exact-sum.ts';
import type { TimeUnit } from '../../../shared/grading/statistics/fitted-params.ts';
import { compareHeldOut, type HoldOut } from '../../../shared/grading/statistics/hold-out.ts';
import {
  historyOf,
  type Purchase,
  type PurchaseHistory,
  type RepeatSpend,
} from '../../../shared/grading/statistics/purchase-history.ts';
import type { FitInput } from './fitting.ts';

export interface PurchaseSettings {
  /** Types of facts that are purchases. */
  readonly events: readonly string[];
  readonly unit: TimeUnit;
  /** Days before the last one that the fit does not see. */
  readonly holdout?: number;
}

export type KnownHistory = PurchaseHistory & RepeatSpend;

/** Of one customer: what the fit sees, and what was bought in the days held out. */
export interface SplitHistory {
  readonly history: KnownHistory;
  readonly later: {
    /** Days with a purchase. */
    readonly purchases: number;
    /** Their amounts, major units; unknown where one is. */
    readonly spent: number | undefined;
  };
}

/** Customers who had bought by the day that the fit sees last. */
export const gatherPurchases = async (
  { histories, asOf, source }: FitInput,
  { events, unit, holdout = 0 }: PurchaseSettings,
): Promise<readonly SplitHistory[]> => {
  const { dayOf } = calendarOf(source.timezone);
  const lastDay = dayOf(asOf);
  const seenTo = lastDay - holdout;
  const gathered: SplitHistory[] = [];
  for await (const { facts } of histories()) {
    const purchases = facts
      .filter(({ type, at }) => at <= asOf && events.includes(type))
      .map(({ at, amount }): Purchase => ({ day: dayOf(at), ...(amount === undefined ? {} : { amount }) }));
    const history = historyOf(purchases, seenTo, unit);
    if (history === undefined) continue;
    gathered.push({ history, later: laterOf(purchases.filter(({ day }) => day > seenTo)) });
  }
  return gathered;
};

const laterOf = (purchases: readonly Purchase[]): SplitHistory['later'] => {
  const sum = createExactSum();
  let isKnown = true;
  for (const { amount } of purchases) {
    if (amount === undefined) isKnown = false;
    else sum.add(amount.units, amount.scale);
  }
  return { purchases: new Set(purchases.map(({ day }) => day)).size, spent: isKnown ? sum.read() : undefined };
};

/** Customers of whom both is known. */
export const holdOutOf = (
  customers: readonly SplitHistory[],
  expectedOf: (customer: SplitHistory) => number | undefined,
  actualOf: (customer: SplitHistory) => number | undefined,
): HoldOut =>
  compareHeldOut(
    customers.flatMap((customer) => {
      const [expected, actual] = [expectedOf(customer), actualOf(customer)];
      if (expected === undefined || actual === undefined) return [];
      return [{ repeats: customer.history.repeats, expected, actual }];
    }),
  );
