import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decimalOf } from '#shared/grading/exact-sum.ts';
import {
  historyOf,
  type Purchase,
  type PurchaseHistory,
  type RepeatSpend,
} from '#shared/grading/statistics/purchase-history.ts';

const linesOf = (file: string): string[] =>
  gunzipSync(readFileSync(new URL(`../../fixtures/cdnow/${file}`, import.meta.url)))
    .toString('utf8')
    .trim()
    .split(/\r?\n/);

const dayOf = (date: string): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 86_400_000;

/** The day the calibration period ends, and the day the hold-out period does, 39 weeks later. */
export const calibrated = dayOf('19970930');
export const heldOut = dayOf('19980630');

/** Every purchase of the 1/10 sample, by customer of the sample, in the file's order. */
export const cdnowPurchases = (): ReadonlyMap<string, readonly Purchase[]> => {
  const byCustomer = new Map<string, Purchase[]>();
  for (const line of linesOf('CDNOW_sample.txt.gz')) {
    const [, id = '', date = '', , amount = ''] = line.trim().split(/\s+/);
    const purchases = byCustomer.get(id) ?? [];
    byCustomer.set(id, purchases);
    purchases.push({ day: dayOf(date), amount: decimalOf(Number(amount)) });
  }
  return byCustomer;
};

/** In weeks, at the end of the calibration period. */
export const cdnowHistories = (): (PurchaseHistory & RepeatSpend)[] =>
  [...cdnowPurchases().values()].flatMap((purchases) => historyOf(purchases, calibrated, 'week') ?? []);

/** The summary file of the package lifetimes: weeks to two decimals. */
export const cdnowSummary = (): (PurchaseHistory & RepeatSpend)[] =>
  linesOf('cdnow_customers_summary_with_transactions.csv.gz')
    .slice(1)
    .map((line) => line.split(',').map(Number))
    .map(([, repeats = 0, recency = 0, age = 0, mean = 0]) => ({
      repeats,
      recency,
      age,
      meanSpend: repeats === 0 ? undefined : mean,
    }));
