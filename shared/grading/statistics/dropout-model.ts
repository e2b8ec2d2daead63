import type { DropoutParams } from './fitted-params.ts';
import { hypergeometricRest } from './hypergeometric.ts';
import { lnRising } from './ln-gamma.ts';
import { logistic } from './log-space.ts';
import type { PurchaseHistory } from './purchase-history.ts';

/*
 * BG/NBD: Fader, Hardie and Lee 2005, "Counting your customers" the easy way, Marketing Science 24(2), 275–284.
 * MBG/NBD: Batislam, Denizel and Filiztekin 2007, Int. J. of Research in Marketing 24(3), 201–209.
 * The two differ in one number alone: how often a customer with x repeats had the chance to leave.
 */

/** x in BG/NBD, where the first purchase gives no chance to leave; x + 1 in MBG/NBD. */
export const chancesToLeave = ({ variant }: DropoutParams, repeats: number): number =>
  variant === 'bgnbd' ? repeats : repeats + 1;

/**
 * The probability that the customer has not left for good, at the age of the history. BG/NBD says 1 without a repeat
 * purchase, however long ago the first was: do not take it for a sign of life there.
 */
export const aliveProbability = (params: DropoutParams, { repeats, recency, age }: PurchaseHistory): number => {
  const { r, alpha, a, b } = params;
  const chances = chancesToLeave(params, repeats);
  if (chances === 0) return 1;
  return logistic(
    Math.log(b + chances - 1) - Math.log(a) - (r + repeats) * (Math.log(alpha + age) - Math.log(alpha + recency)),
  );
};

/**
 * The age from which the probability of being alive is below `threshold` (between 0 and 1) if nothing more is bought; not
 * before the last purchase. Undefined where it never falls: in BG/NBD without a repeat purchase.
 */
export const ageBelow = (
  params: DropoutParams,
  { repeats, recency }: PurchaseHistory,
  threshold: number,
): number | undefined => {
  const { r, alpha, a, b } = params;
  const chances = chancesToLeave(params, repeats);
  if (chances === 0) return undefined;
  const lnOdds = Math.log1p(-threshold) - Math.log(threshold) + Math.log(b + chances - 1) - Math.log(a);
  return Math.max(recency, (alpha + recency) * Math.exp(lnOdds / (r + repeats)) - alpha);
};

/**
 * The purchases to expect within `span` time units after the age of the history.
 *
 * The published form times a hypergeometric series overflows for large x. Euler's transformation takes the powers of
 * r + x out of it and leaves (C/ε)·[1 − u^ε · ₂F₁(ε, B; C; 1 − u)] with ε = a − 1, B = C − r − x and u = (α + T)/(α + T + t).
 * Written as −C·expm1(ε ln u)/ε − u^ε · C/ε · (₂F₁ − 1) it is defined at a = 1 and at C = 0 as well and loses no digits nearby.
 */
export const expectedPurchases = (params: DropoutParams, history: PurchaseHistory, span: number): number => {
  if (span <= 0) return 0;
  const { r, alpha, a, b } = params;
  const { repeats, age } = history;
  const epsilon = a - 1;
  const C = a + b + chancesToLeave(params, repeats) - 1;
  const lnU = Math.log1p(-span / (alpha + age + span));
  const rest = hypergeometricRest(epsilon, C - r - repeats, C, span / (alpha + age + span));
  const shrinking = epsilon === 0 ? lnU : Math.expm1(epsilon * lnU) / epsilon;
  return -(C * shrinking + Math.exp(epsilon * lnU) * rest) * aliveProbability(params, history);
};

/** A customer on the day of the first purchase: what is expected of it is expected of anybody. */
export const newCustomer: PurchaseHistory = { repeats: 0, recency: 0, age: 0 };

/** The probability of exactly `repeats` repeat purchases within `span` time units after the first. */
export const repeatProbability = (params: DropoutParams, repeats: number, span: number): number => {
  const { r, alpha, a, b } = params;
  const chances = chancesToLeave(params, repeats);
  const lnStayed = lnRising(b, chances) - lnRising(a + b, chances);
  const lnIdle = r * Math.log(alpha / (alpha + span));
  const lnBusy = Math.log(span / (alpha + span));
  const purchased = (count: number): number =>
    Math.exp(lnRising(r, count) - lnRising(1, count) + lnIdle + count * lnBusy);
  const stayed = Math.exp(lnStayed) * purchased(repeats);
  if (chances === 0) return stayed;
  let fewer = 0;
  for (let count = 0; count < repeats; count += 1) fewer += purchased(count);
  return stayed + Math.exp(lnStayed + Math.log(a) - Math.log(b + chances - 1)) * Math.max(0, 1 - fewer);
};
