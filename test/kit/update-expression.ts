import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from './aws-item-size.ts';

export interface Update {
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/**
 * An item after an update of whole attributes: `SET` of a value, of another attribute, of a sum or difference, of
 * `if_not_exists`; `ADD` to a number or a set of texts; `REMOVE`. Throws on anything else.
 */
export const updated = (item: Item, update: Update): Item => {
  const next: Record<string, AttributeValue> = { ...item };
  const nameOf = (text: string): string => update.ExpressionAttributeNames?.[text] ?? text;
  const valueOf = (text: string): AttributeValue | undefined =>
    text.startsWith(':') ? update.ExpressionAttributeValues?.[text] : item[nameOf(text)];
  const put = (name: string, value: AttributeValue | undefined): void => {
    if (value === undefined) throw new Error(`no value for ${name}`);
    next[nameOf(name)] = value;
  };
  const numberOf = (text: string): number => Number(operand(text, valueOf)?.N ?? 0);
  for (const [, clause = '', body = ''] of (update.UpdateExpression ?? '').matchAll(
    /\b(SET|REMOVE|ADD)\b(.*?)(?=\b(?:SET|REMOVE|ADD|DELETE)\b|$)/gs,
  ))
    for (const part of partsOf(body)) {
      if (clause === 'REMOVE') {
        Reflect.deleteProperty(next, nameOf(part));
        continue;
      }
      const [name = '', expression = ''] = clause === 'ADD' ? part.split(/\s+/) : part.split(/\s*=\s*/);
      const sum = /^(.+?)\s*([+-])\s*(:?\S+)$/.exec(expression);
      if (clause === 'ADD') put(name, added(item[nameOf(name)], valueOf(expression)));
      else if (sum === null) put(name, operand(expression, valueOf));
      else put(name, { N: String(numberOf(sum[1] ?? '') + (sum[2] === '-' ? -1 : 1) * numberOf(sum[3] ?? '')) });
    }
  return next;
};

const added = (before: AttributeValue | undefined, by: AttributeValue | undefined): AttributeValue =>
  by?.SS === undefined
    ? { N: String(Number(before?.N ?? 0) + Number(by?.N ?? 0)) }
    : { SS: [...new Set([...(before?.SS ?? []), ...by.SS])] };

/** Commas within brackets do not part. */
const partsOf = (body: string): readonly string[] => body.split(/,(?![^(]*\))/).map((part) => part.trim());

const operand = (text: string, valueOf: (text: string) => AttributeValue | undefined): AttributeValue | undefined => {
  const fallback = /^if_not_exists\(\s*(\S+?)\s*,\s*(\S+?)\s*\)$/.exec(text);
  return fallback === null ? valueOf(text) : (valueOf(fallback[1] ?? '') ?? valueOf(fallback[2] ?? ''));
};
