import { CalendarDate } from './conversion.ts';
import { euro, notPublished, type RateDay, type RateTable } from './rates.ts';

/** What is wrong with a file of rates, and where: line and column (in characters) from 1. */
export type RateFault = { readonly line: number; readonly column: number } & (
  | { readonly fault: 'no-header' | 'no-days' | 'euro-column' }
  | { readonly fault: 'bad-currency' | 'repeated-currency' | 'bad-date' | 'bad-rate'; readonly found: string }
  /** A day that is not before the one of the line above. */
  | { readonly fault: 'not-newest-first'; readonly found: string; readonly above: string }
  | { readonly fault: 'cell-count'; readonly found: number; readonly expected: number }
);

export type ReadRates =
  | { readonly ok: true; readonly table: RateTable }
  | { readonly ok: false; readonly faults: readonly RateFault[] };

/** A file of another kind has a fault in every line: so many tell as much as all of them. */
const mostFaults = 20;

/**
 * Reads the CSV layout of the European Central Bank (eurofxref-hist.csv): a header `Date,USD,JPY,…`, then a line a day, newest first,
 * with units per euro, or `N/A` where none was published. A comma at the end of the lines is theirs.
 */
export const readRates = (csv: string): ReadRates => {
  const lines = linesOf(csv);
  const header = readHeader(lines[0]?.text ?? '');
  if (!header.ok) return header;
  const days: RateDay[] = [];
  const faults: RateFault[] = [];
  for (const line of lines.slice(1)) {
    if (faults.length >= mostFaults) break;
    const read = readDay(line, header, days.at(-1)?.date);
    if ('cells' in read) days.push(read);
    else faults.push(...read);
  }
  if (faults.length > 0) return { ok: false, faults };
  if (days.length === 0) return { ok: false, faults: [{ line: 1, column: 1, fault: 'no-days' }] };
  return { ok: true, table: { columns: header.columns, days } };
};

interface Line {
  readonly number: number;
  readonly text: string;
}

/** Blank lines say nothing. */
const linesOf = (csv: string): readonly Line[] =>
  csv
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((text, index) => ({ number: index + 1, text }))
    .filter(({ text, number }) => number === 1 || text.trim() !== '');

interface Header {
  readonly ok: true;
  readonly columns: RateTable['columns'];
  /** Cells of a line, without the date. */
  readonly cells: number;
}

const readHeader = (text: string): Header | { readonly ok: false; readonly faults: readonly RateFault[] } => {
  const [first, ...names] = placedCells(text);
  if (first?.text !== 'Date' || names.length === 0)
    return { ok: false, faults: [{ line: 1, column: 1, fault: 'no-header' }] };
  const columns = new Map<string, number>();
  const faults: RateFault[] = [];
  for (const [index, { text: name, column }] of names.entries()) {
    const place = { line: 1, column };
    if (!/^[A-Z]{3}$/.test(name)) faults.push({ ...place, fault: 'bad-currency', found: name });
    else if (name === euro) faults.push({ ...place, fault: 'euro-column' });
    else if (columns.has(name)) faults.push({ ...place, fault: 'repeated-currency', found: name });
    else columns.set(name, index);
  }
  return faults.length > 0
    ? { ok: false, faults: faults.slice(0, mostFaults) }
    : { ok: true, columns, cells: names.length };
};

const readDay = ({ number: line, text }: Line, header: Header, above: string | undefined): RateDay | RateFault[] => {
  const start = { line, column: 1 };
  const [first = '', ...cells] = cellsOf(text);
  const date = first.trim();
  if (!CalendarDate.safeParse(date).success) return [{ ...start, fault: 'bad-date', found: date }];
  if (above !== undefined && date >= above) return [{ ...start, fault: 'not-newest-first', found: date, above }];
  if (cells.length !== header.cells)
    return [{ ...start, fault: 'cell-count', found: cells.length, expected: header.cells }];
  if (cells.every(isRate)) return { date, cells: text.slice(text.indexOf(',') + 1) };
  return placedCells(text)
    .slice(1)
    .filter(({ text: found }) => !isRate(found))
    .map(({ column, text: found }) => ({ line, column, fault: 'bad-rate', found }));
};

/** Without the empty one behind a comma at the end. */
const cellsOf = (text: string): readonly string[] => {
  const cells = text.split(',');
  return cells.length > 1 && cells.at(-1)?.trim() === '' ? cells.slice(0, -1) : cells;
};

/** Trimmed, with where they begin. */
const placedCells = (text: string): readonly { readonly text: string; readonly column: number }[] => {
  let column = 1;
  return cellsOf(text).map((raw) => {
    const cell = { text: raw.trim(), column: column + raw.length - raw.trimStart().length };
    column += raw.length + 1;
    return cell;
  });
};

/** What a double gives back as it was written: at most 15 digits, of a size that needs no exponent. */
const isRate = (cell: string): boolean => {
  const text = cell.trim();
  if (text === notPublished) return true;
  return /^\d+(\.\d+)?$/.test(text) && text.length <= (text.includes('.') ? 16 : 15) && Number(text) >= 10 ** -6;
};
