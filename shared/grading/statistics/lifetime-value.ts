import { expectedPurchases } from './dropout-model.ts';
import type { LifetimeValueParams } from './fitted-params.ts';
import { expectedSpend } from './gamma-gamma.ts';
import { daysPer, type PurchaseHistory, type RepeatSpend } from './purchase-history.ts';

const daysPerMonth = 365 / 12;

/**
 * What the next `months` months are worth today, major units: margin · E[spend] · Σ purchases of month k / (1 + d)^k.
 * The history is in the unit of `purchases`. Undefined where the spend is.
 */
export const lifetimeValue = (
  { purchases, spend, months, discountPerMonth, margin }: LifetimeValueParams,
  history: PurchaseHistory & RepeatSpend,
): number | undefined => {
  const each = expectedSpend(spend, history);
  if (each === undefined) return undefined;
  const month = daysPerMonth / daysPer[purchases.unit];
  let [before, discounted] = [0, 0];
  for (let k = 1; k <= months; k += 1) {
    const until = expectedPurchases(purchases, history, k * month);
    discounted += (until - before) / (1 + discountPerMonth) ** k;
    before = until;
  }
  return margin * each * discounted;
};
