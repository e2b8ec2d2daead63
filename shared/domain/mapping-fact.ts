import type { FactMapping } from '../definitions/mapping.ts';
import type { Fact, Scalar } from './fact.ts';
import type { Json } from './json.ts';
import { readTold } from './mapping-amount.ts';
import { type Converting, countIn } from './mapping-conversion.ts';
import { compileFilter } from './mapping-filter.ts';
import type { InstantReader } from './mapping-instant.ts';
import { instantForms, type Unreadable, unreadableFact } from './mapping-outcome.ts';
import { presentAt, scalarOf } from './mapping-values.ts';
import type { Money } from './money.ts';

/** Undefined: the record does not stand for this fact. */
export type FactRead = { readonly outcome: 'fact'; readonly fact: Fact } | Unreadable | undefined;

/** One line of `facts`, made ready to be applied to many records. */
export const compileFact = (
  mapping: FactMapping,
  converting: Converting,
  instants: InstantReader,
): ((content: Json) => FactRead) => {
  const holds = compileFilter(mapping.when);
  const readFields = compileFields(mapping.fields);
  const count = countIn(converting, mapping, instants);
  return (content) => {
    if (!holds(content)) return undefined;
    const told = readTold(mapping, content, converting);
    if (told !== undefined && 'outcome' in told) return told;
    if (!hasSign(mapping.sign, told)) return undefined;
    const at = instants.instantOf(presentAt(content, mapping.at));
    if (at === undefined)
      return unreadableFact(mapping, 'no-instant', `${mapping.at} holds no instant: ${instantForms}`);
    const counted = told === undefined ? {} : count(mapping.absolute ? withoutSign(told) : told, content);
    if ('outcome' in counted) return counted;
    const fields = readFields(content);
    return {
      outcome: 'fact',
      fact: { type: mapping.type, at, ...counted, ...(fields === undefined ? {} : { fields }) },
    };
  };
};

const withoutSign = (money: Money): Money => ({ ...money, units: Math.abs(money.units) });

const hasSign = (sign: FactMapping['sign'], amount: Money | undefined): boolean =>
  sign === undefined || (amount !== undefined && amount.units < 0 === (sign === 'negative'));

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
