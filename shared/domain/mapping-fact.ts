import type { FactMapping } from '../definitions/mapping.ts';
import type { Fact, Scalar } from './fact.ts';
import type { Json } from './json.ts';
import { compileFilter } from './mapping-filter.ts';
import type { InstantReader } from './mapping-instant.ts';
import type { Unreadable, UnreadableReason } from './mapping-outcome.ts';
import { presentAt, scalarOf } from './mapping-values.ts';
import { Currency, type Money, parseMoney } from './money.ts';

/** Undefined: the record does not stand for this fact. */
export type FactRead = { readonly outcome: 'fact'; readonly fact: Fact } | Unreadable | undefined;

/** One line of `facts`, made ready to be applied to many records. */
export const compileFact = (
  mapping: FactMapping,
  currency: Currency,
  instants: InstantReader,
): ((content: Json) => FactRead) => {
  const holds = compileFilter(mapping.when);
  const readFields = compileFields(mapping.fields);
  return (content) => {
    if (!holds(content)) return undefined;
    const amount = readAmount(mapping, content, currency);
    if (amount !== undefined && 'outcome' in amount) return amount;
    if (!hasSign(mapping.sign, amount)) return undefined;
    const at = instants.instantOf(presentAt(content, mapping.at));
    if (at === undefined) return unreadable(mapping, 'no-instant', `${mapping.at} holds no instant: ${instantForms}`);
    const fields = readFields(content);
    const counted = amount === undefined || !mapping.absolute ? amount : { ...amount, units: Math.abs(amount.units) };
    return {
      outcome: 'fact',
      fact: {
        type: mapping.type,
        at,
        ...(counted === undefined ? {} : { amount: counted }),
        ...(fields === undefined ? {} : { fields }),
      },
    };
  };
};

const instantForms = 'write ISO 8601 with an offset, a date, or epoch milliseconds';

const unreadable = (mapping: FactMapping, reason: UnreadableReason, detail: string): Unreadable => ({
  outcome: 'unreadable',
  reason,
  detail: `${mapping.type}: ${detail}`,
});

const hasSign = (sign: FactMapping['sign'], amount: Money | undefined): boolean =>
  sign === undefined || (amount !== undefined && amount.units < 0 === (sign === 'negative'));

const readAmount = (mapping: FactMapping, content: Json, currency: Currency): Money | Unreadable | undefined => {
  if (mapping.amount === undefined) return undefined;
  const value = presentAt(content, mapping.amount);
  if (value === undefined) return undefined;
  const problem = currencyProblem(mapping, content, currency);
  if (problem !== undefined) return problem;
  const amount = typeof value === 'string' || typeof value === 'number' ? parseMoney(value, currency) : undefined;
  return (
    amount ?? unreadable(mapping, 'bad-amount', `${mapping.amount} is no plain decimal number of at most six decimals`)
  );
};

const currencyProblem = (mapping: FactMapping, content: Json, currency: Currency): Unreadable | undefined => {
  if (mapping.currency === undefined) return undefined;
  const value = presentAt(content, mapping.currency);
  if (value === undefined) return undefined;
  const told = Currency.safeParse(typeof value === 'string' ? value.trim().toUpperCase() : value);
  if (!told.success)
    return unreadable(mapping, 'bad-currency', `${mapping.currency} is no currency code such as ${currency}`);
  if (told.data === currency) return undefined;
  return unreadable(
    mapping,
    'currency-without-rate',
    `the amount is in ${told.data}, this workspace counts in ${currency} and has no rate: ` +
      `map a field that holds the amount in ${currency}, or leave such records out with \`when\``,
  );
};

const compileFields = (fields: FactMapping['fields']): ((content: Json) => Record<string, Scalar> | undefined) => {
  const paths = Object.entries(fields);
  return (content) => {
    const found = paths.flatMap(([name, path]) => {
      const value = scalarOf(presentAt(content, path));
      return value === undefined ? [] : [[name, value] as const];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  };
};
