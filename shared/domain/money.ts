import * as z from 'zod';
import { parseDecimal } from './decimal.ts';

export const Currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is a code of three capital letters, e.g. CNY');
export type Currency = z.infer<typeof Currency>;

const mostDecimals = 6;

/**
 * An exact amount: `units` / 10^`scale` of `currency`. 2042.761 GBP is { units: 2042761, scale: 3, currency: 'GBP' }.
 * The source's own precision is kept; only display rounds.
 */
export const Money = z.object({
  units: z.int(),
  scale: z.int().min(0).max(mostDecimals),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;

/**
 * Reads an amount in major units exactly, from text or from a JSON number, trailing zeros dropped.
 * Undefined when it is no plain decimal, has more than six decimals, or does not fit a safe integer.
 */
export const parseMoney = (value: string | number, currency: Currency): Money | undefined => {
  const amount = parseDecimal(value);
  return amount === undefined || amount.scale > mostDecimals ? undefined : { ...amount, currency };
};

/**
 * Reads an amount in minor units, of which one major unit has 10^`digits`: with two digits 1250 is 12.50, and 1250.5 is 12.505.
 * Undefined as in {@link parseMoney}.
 */
export const parseMinorUnits = (value: string | number, currency: Currency, digits: number): Money | undefined => {
  const amount = parseDecimal(value);
  if (amount === undefined || amount.scale + digits > mostDecimals) return undefined;
  return { units: amount.units, scale: amount.scale + digits, currency };
};

/** The amount in major units, as the nearest double. For comparison with a model's numbers, never for adding up. */
export const majorUnits = ({ units, scale }: Pick<Money, 'units' | 'scale'>): number => units / 10 ** scale;
