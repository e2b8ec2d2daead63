import * as z from 'zod';

export const Currency = z.string().regex(/^[A-Z]{3}$/, 'a currency is a code of three capital letters, e.g. CNY');
export type Currency = z.infer<typeof Currency>;

/**
 * An exact amount: `units` / 10^`scale` of `currency`. 2042.761 GBP is { units: 2042761, scale: 3, currency: 'GBP' }.
 * The source's own precision is kept; only display rounds.
 */
export const Money = z.object({
  units: z.int(),
  scale: z.int().min(0).max(6),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal number exactly, from text or from a JSON number, trailing zeros dropped.
 * Undefined when it is no plain decimal, has more than six decimals, or does not fit a safe integer.
 */
export const parseMoney = (value: string | number, currency: Currency): Money | undefined => {
  const match = decimal.exec(typeof value === 'number' ? numberText(value) : value.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  const units = Number(`${whole}${digits}`);
  if (digits.length > 6 || !Number.isSafeInteger(units)) return undefined;
  return { units: sign === '-' && units !== 0 ? -units : units, scale: digits.length, currency };
};

/** JSON numbers such as 1e21 or 1e-7 have no plain decimal text; they are refused by the pattern above. */
const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : '');

/** The amount in major units, as the nearest double. For comparison with a model's numbers, never for adding up. */
export const majorUnits = ({ units, scale }: Pick<Money, 'units' | 'scale'>): number => units / 10 ** scale;
