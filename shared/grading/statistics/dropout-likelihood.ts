import { chancesToLeave } from './dropout-model.ts';
import type { DropoutParams } from './fitted-params.ts';
import { lnRising } from './ln-gamma.ts';
import { logAddExp } from './log-space.ts';
import type { PurchaseHistory } from './purchase-history.ts';

interface Row {
  readonly recency: number;
  readonly age: number;
  /** Customers with this very history. */
  count: number;
}

/** Equal histories once, with their number, by their repeats: what depends on those alone is computed once. */
export type CollapsedHistories = ReadonlyMap<number, readonly Row[]>;

export const collapse = (histories: readonly PurchaseHistory[]): CollapsedHistories => {
  const byRepeats = new Map<number, Map<string, Row>>();
  for (const { repeats, recency, age } of histories) {
    const rows = byRepeats.get(repeats) ?? new Map<string, Row>();
    byRepeats.set(repeats, rows);
    const key = `${recency} ${age}`;
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { recency, age, count: 1 });
    else row.count += 1;
  }
  return new Map([...byRepeats].map(([repeats, rows]) => [repeats, [...rows.values()]]));
};

/** ln L of BG/NBD or MBG/NBD, in the form that neither overflows nor cancels (brucehardie.com/notes/004). */
export const dropoutLogLikelihood = (params: DropoutParams, histories: CollapsedHistories): number => {
  const { r, alpha, a, b } = params;
  const lnAlpha = Math.log(alpha);
  let sum = 0;
  for (const [repeats, rows] of histories) {
    const chances = chancesToLeave(params, repeats);
    const purchases = lnRising(r, repeats) + r * lnAlpha;
    const stayed = lnRising(b, chances) - lnRising(a + b, chances);
    const lnLeft = chances === 0 ? Number.NEGATIVE_INFINITY : Math.log(a) - Math.log(b + chances - 1);
    const shape = r + repeats;
    for (const { recency, age, count } of rows) {
      const alive = -shape * Math.log(alpha + age);
      const left = chances === 0 ? lnLeft : lnLeft - shape * Math.log(alpha + recency);
      sum += count * (purchases + stayed + logAddExp(alive, left));
    }
  }
  return sum;
};
