import type { FactMapping } from '../definitions/mapping.ts';
import { convertMoney } from './conversion.ts';
import { currencyDigits } from './currency-digits.ts';
import type { Fact } from './fact.ts';
import type { Json } from './json.ts';
import type { Counting } from './mapping-amount.ts';
import type { InstantReader } from './mapping-instant.ts';
import { instantForms, type Unreadable, unreadableFact } from './mapping-outcome.ts';
import { presentAt } from './mapping-values.ts';
import type { Currency, Money } from './money.ts';
import { findRate, type Rates } from './rates.ts';

export interface Converting extends Counting {
  /** Absent: amounts in another currency than the workspace's cannot be counted. */
  readonly rates?: Rates | undefined;
}

/** A fact's amount in the workspace's currency, with what it was converted from where it was told in another. */
export type Counted = Pick<Fact, 'amount' | 'converted'>;

/** Converts what a record tells at the rate of the fact's own day, or of the day that `rateAt` names. */
export const countIn = (
  { currency, rates }: Converting,
  mapping: FactMapping,
  instants: InstantReader,
): ((told: Money, content: Json) => Counted | Unreadable) => {
  const digits = currencyDigits(currency);
  return (told, content) => {
    if (told.currency === currency) return { amount: told };
    if (digits === undefined)
      return unreadableFact(
        mapping,
        'unknown-currency',
        `ISO 4217 does not list the workspace's currency, ${currency}`,
      );
    const date = rateDay(mapping, content, instants);
    if (typeof date !== 'string') return date;
    if (rates === undefined) return withoutRates(mapping, told.currency, currency);
    const found = findRate(rates, { from: told.currency, to: currency, date });
    if (found.outcome === 'no-column') return withoutColumn(mapping, found.currency, rates);
    if (found.outcome === 'no-rate') return withoutRate(mapping, { from: told.currency, to: currency, date }, rates);
    const amount = convertMoney(told, found.rate, { currency, digits });
    if (amount !== undefined) return { amount, converted: { told, rate: found.rate, rateDate: found.date } };
    return unreadableFact(mapping, 'bad-amount', `${mapping.amount ?? ''} has too many digits in ${currency}`);
  };
};

/** In the workspace's zone. */
const rateDay = (mapping: FactMapping, content: Json, instants: InstantReader): string | Unreadable => {
  const named = mapping.rateAt === undefined ? undefined : presentAt(content, mapping.rateAt);
  const [path, value] =
    mapping.rateAt === undefined || named === undefined
      ? [mapping.at, presentAt(content, mapping.at)]
      : [mapping.rateAt, named];
  return instants.dateOf(value) ?? unreadableFact(mapping, 'no-instant', `${path} holds no instant: ${instantForms}`);
};

/** Rates are read at the start: a record that waits for one is sent again after the next. */
const thenReplay = (reason: string): string =>
  `then start Regrade anew and run \`regrade dead replay --reason ${reason}\``;

const withoutRates = (mapping: FactMapping, told: Currency, counted: Currency): Unreadable =>
  currencyDigits(told) === undefined
    ? unreadableFact(mapping, 'unknown-currency', `the amount is in ${told}, which ISO 4217 does not list: correct it`)
    : unreadableFact(
        mapping,
        'currency-without-rate',
        `the amount is in ${told}, this workspace counts in ${counted} and has no rates: name a file of rates with \`rates:\`, ` +
          `map a field that holds the amount in ${counted}, or leave such records out with \`when\``,
      );

const withoutColumn = (mapping: FactMapping, currency: Currency, { file }: Rates): Unreadable => {
  if (currencyDigits(currency) === undefined)
    return unreadableFact(
      mapping,
      'unknown-currency',
      `ISO 4217 does not list ${currency}, and ${file} has no column for it: correct the currency in the CRM, ` +
        `or add the column, ${thenReplay('unknown-currency')}`,
    );
  return unreadableFact(
    mapping,
    'currency-without-rate',
    `${file} has no column ${currency}: add it, ${thenReplay('currency-without-rate')}`,
  );
};

const withoutRate = (
  mapping: FactMapping,
  { from, to, date }: { readonly from: Currency; readonly to: Currency; readonly date: string },
  { file, maxAgeDays }: Rates,
): Unreadable =>
  unreadableFact(
    mapping,
    'currency-without-rate',
    `${file} has no rate from ${from} to ${to} of ${date}, nor of the ${maxAgeDays} days before: add it, ` +
      thenReplay('currency-without-rate'),
  );
