/**
 * Formatters of `Intl`, each made once: making one costs a hundred times what using it does. A workspace needs a handful,
 * so nothing is ever dropped.
 */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

const once = <T extends Intl.NumberFormat | Intl.DateTimeFormat>(name: string, make: () => T): T => {
  const known = made.get(name);
  if (known !== undefined) return known as T;
  const formatter = make();
  made.set(name, formatter);
  return formatter;
};

export const numberFormatter = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  once(`number ${locale} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale, options));

export const dateFormatter = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(`date ${locale} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, options));
