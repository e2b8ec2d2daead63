import type { Rate } from './conversion.ts';
import type { Currency } from './money.ts';

/** Published rates: units of each currency for one euro, by day. */
export interface RateTable {
  /** Of each currency its place in the cells of a row. The euro has none: it is what all are counted in. */
  readonly columns: ReadonlyMap<Currency, number>;
  /** Newest first, no day twice. */
  readonly days: readonly RateDay[];
}

export interface RateDay {
  /** YYYY-MM-DD */
  readonly date: string;
  /** The cells after the date, as written: decimals, or `N/A`. Kept as one text, since few of them are ever asked for. */
  readonly cells: string;
}

/** Which rates a workspace converts by. */
export interface Rates {
  readonly table: RateTable;
  /** How many days before its own date a fact's rate may have been published. */
  readonly maxAgeDays: number;
  /** How the settings name the file, for whoever has to complete it. */
  readonly file: string;
}

export type FoundRate =
  | { readonly outcome: 'found'; readonly rate: Rate; readonly date: string }
  | { readonly outcome: 'no-column'; readonly currency: Currency }
  | { readonly outcome: 'no-rate' };

export interface RateAsked {
  readonly from: Currency;
  readonly to: Currency;
  /** YYYY-MM-DD */
  readonly date: string;
}

export const euro = 'EUR';

const dayMs = 86_400_000;

/**
 * The rate of that date or else the last one published before it, at most `maxAgeDays` earlier. Both sides of a cross rate are of
 * one day: one on which both were published.
 */
export const findRate = ({ table, maxAgeDays }: Omit<Rates, 'file'>, { from, to, date }: RateAsked): FoundRate => {
  for (const currency of [from, to])
    if (currency !== euro && !table.columns.has(currency)) return { outcome: 'no-column', currency };
  const oldest = new Date(Date.parse(date) - maxAgeDays * dayMs).toISOString().slice(0, 10);
  for (let index = firstUpTo(table.days, date); index < table.days.length; index += 1) {
    const day = table.days[index];
    if (day === undefined || day.date < oldest) break;
    const [numerator, denominator] = [perEuro(table, day, to), perEuro(table, day, from)];
    if (numerator !== undefined && denominator !== undefined)
      return { outcome: 'found', rate: { numerator, denominator }, date: day.date };
  }
  return { outcome: 'no-rate' };
};

/** The place of the newest day that is not after `date`. */
const firstUpTo = (days: readonly RateDay[], date: string): number => {
  let [low, high] = [0, days.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((days[middle]?.date ?? '') > date) low = middle + 1;
    else high = middle;
  }
  return low;
};

const perEuro = ({ columns }: RateTable, { cells }: RateDay, currency: Currency): number | undefined => {
  if (currency === euro) return 1;
  const cell = cells.split(',')[columns.get(currency) ?? -1]?.trim();
  return cell === undefined || cell === notPublished ? undefined : Number(cell);
};

/** What stands in the cell of a currency that had no rate on that day. */
export const notPublished = 'N/A';
