import type { FactMapping } from '../definitions/mapping.ts';
import { currencyDigits } from './currency-digits.ts';
import type { Json } from './json.ts';
import { type Unreadable, unreadableFact } from './mapping-outcome.ts';
import { presentAt } from './mapping-values.ts';
import { Currency, type Money, parseMinorUnits, parseMoney } from './money.ts';

/** What amounts are counted in. */
export interface Counting {
  /** The workspace's: an amount without a currency is in this one. */
  readonly currency: Currency;
  /** Decimals of minor units by currency, where this connection deviates from ISO 4217. */
  readonly minorUnits?: Readonly<Record<string, number>> | undefined;
}

/** The amount as the record tells it, in its own currency; undefined where it tells none. */
export const readTold = (mapping: FactMapping, content: Json, counting: Counting): Money | Unreadable | undefined => {
  if (mapping.amount === undefined) return undefined;
  const value = presentAt(content, mapping.amount);
  if (value === undefined) return undefined;
  const currency = readCurrency(mapping, content, counting.currency);
  if (typeof currency !== 'string') return currency;
  const digits = mapping.amountIn === 'minor' ? minorDigits(currency, counting) : 0;
  if (digits === undefined) return withoutDigits(mapping, currency);
  if (typeof value !== 'string' && typeof value !== 'number') return badAmount(mapping, mapping.amount);
  const told = mapping.amountIn === 'minor' ? parseMinorUnits(value, currency, digits) : parseMoney(value, currency);
  return told ?? badAmount(mapping, mapping.amount);
};

const readCurrency = (mapping: FactMapping, content: Json, counted: Currency): Currency | Unreadable => {
  const value = mapping.currency === undefined ? undefined : presentAt(content, mapping.currency);
  if (mapping.currency === undefined || value === undefined) return counted;
  const told = Currency.safeParse(typeof value === 'string' ? value.trim().toUpperCase() : value);
  if (told.success) return told.data;
  return unreadableFact(mapping, 'bad-currency', `${mapping.currency} is no currency code such as ${counted}`);
};

const minorDigits = (currency: Currency, { minorUnits }: Counting): number | undefined =>
  minorUnits?.[currency] ?? currencyDigits(currency);

const badAmount = (mapping: FactMapping, path: string): Unreadable =>
  unreadableFact(mapping, 'bad-amount', `${path} is no plain decimal number of at most six decimals`);

const withoutDigits = (mapping: FactMapping, currency: Currency): Unreadable =>
  unreadableFact(
    mapping,
    'unknown-currency',
    `the amount is in minor units of ${currency}, which ISO 4217 does not list: ` +
      `say how many decimals it has with \`minorUnits: { ${currency}: … }\` in the connection`,
  );
