import * as z from 'zod';
import { parseDecimal } from './decimal.ts';
import { type Currency, Money } from './money.ts';

/** At most 15 digits: a double gives every such decimal back as it was written. */
const PerEuro = z.number().positive();

/**
 * One unit of the one currency is numerator / denominator of the other. Both as they were published, in units per euro, so that
 * no rounded quotient stands between an amount and what it was converted to.
 */
export const Rate = z.object({ numerator: PerEuro, denominator: PerEuro });
export type Rate = Readonly<z.infer<typeof Rate>>;

/** YYYY-MM-DD, a day that the calendar has. */
export const CalendarDate = z.iso.date();

/** Where an amount came from that was told in another currency: enough to convert it again, to the same amount. */
export const Conversion = z.object({
  /** As the record said it. */
  told: Money,
  rate: Rate,
  /** The day the rate was published. */
  rateDate: CalendarDate,
});
export type Conversion = Readonly<z.infer<typeof Conversion>>;

/**
 * The amount times the rate, rounded once, half to even, to `digits` decimals. Undefined where that does not fit a safe integer,
 * or the rate is no plain decimal.
 */
export const convertMoney = (
  told: Money,
  { numerator, denominator }: Rate,
  { currency, digits }: { readonly currency: Currency; readonly digits: number },
): Money | undefined => {
  const [over, under] = [parseDecimal(numerator), parseDecimal(denominator)];
  if (over === undefined || under === undefined || under.units <= 0) return undefined;
  const dividend = BigInt(told.units) * BigInt(over.units) * 10n ** BigInt(under.scale + digits);
  const divisor = BigInt(under.units) * 10n ** BigInt(told.scale + over.scale);
  const units = Number(divideHalfEven(dividend, divisor));
  return Number.isSafeInteger(units) ? { units, scale: digits, currency } : undefined;
};

/** The quotient as a whole number; what lies halfway goes to the even neighbour. The divisor is above zero. */
const divideHalfEven = (dividend: bigint, divisor: bigint): bigint => {
  const towardsZero = dividend / divisor;
  const rest = dividend % divisor;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  if (twice < divisor || (twice === divisor && towardsZero % 2n === 0n)) return towardsZero;
  return dividend < 0n ? towardsZero - 1n : towardsZero + 1n;
};
