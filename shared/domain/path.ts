import type { Json } from './json.ts';

/** The value at a dotted path (`Account_Name.id`, `Owner.0`), or undefined. Own members only; null counts as absent. */
export const valueAt = (json: Json | undefined, path: string): Json | undefined => {
  let value: Json | undefined = json;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as { readonly [key: string]: Json })[name];
  }
  return value ?? undefined;
};

/** As text, where it has one: ids arrive as strings or numbers. */
export const textAt = (json: Json | undefined, path: string): string | undefined => {
  const value = valueAt(json, path);
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;
};
