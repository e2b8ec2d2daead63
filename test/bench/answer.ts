import { printTable } from '../../infra/cli/print-table.ts';

export type Row = Readonly<Record<string, string | number>>;

/** Figures that answer one question. The columns are those of the first row. */
export interface Answer {
  readonly title: string;
  readonly rows: readonly Row[];
  /** What a reader has to know in order not to misread them. */
  readonly notes: readonly string[];
}

export const printAnswer = ({ title, rows, notes }: Answer): string => {
  const names = Object.keys(rows[0] ?? {});
  const table = printTable(
    names.map((name) => ({ title: name, align: typeof rows[0]?.[name] === 'number' ? 'right' : 'left' })),
    rows.map((row) => names.map((name) => printFigure(row[name] ?? ''))),
  );
  return `\n${title}\n${table}${notes.map((note) => `  · ${note}\n`).join('')}`;
};

const printFigure = (figure: string | number): string => {
  if (typeof figure === 'string') return figure;
  if (Number.isNaN(figure)) return '–';
  const digits = Math.abs(figure) >= 100 || Number.isInteger(figure) ? 0 : Math.abs(figure) >= 10 ? 1 : 2;
  return figure.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
