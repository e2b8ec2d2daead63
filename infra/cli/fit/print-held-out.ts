import type { Language } from '../../../shared/domain/message.ts';
import type { HoldOut } from '../../../shared/grading/statistics/hold-out.ts';
import { printTable } from '../print-table.ts';
import type { Figures } from './figures.ts';
import { purchaseTexts } from './purchase-texts.ts';

export interface HeldOutStyle {
  readonly language: Language;
  readonly figures: Figures;
  /** Days held out. */
  readonly days: number;
  /** True where the figures are counts of purchases: their totals mean something. */
  readonly of: 'purchases' | 'spendPerPurchase' | 'revenue';
}

/** Expected against actual, by how often customers had bought before. */
export const printHeldOut = (held: HoldOut, { language, figures, days, of }: HeldOutStyle): string => {
  const texts = purchaseTexts[language];
  if (held.customers === 0) return texts.nobodyLater(figures.count(days));
  const { count, decimal, percent } = figures;
  const total = of === 'spendPerPurchase' ? held.customers : 1;
  const [expected, actual] = [held.expected / total, held.actual / total];
  const ratio = actual > 0 ? percent(expected / actual) : '—';
  const rows = held.rows.map((row) => [
    `${row.repeats}${row.orMore ? '+' : ''}`,
    count(row.customers),
    decimal(row.expected),
    decimal(row.actual),
  ]);
  const right = 'right' as const;
  const columns = [
    { title: texts.repeats, align: right },
    { title: texts.customers, align: right },
    { title: texts.expectedMean, align: right },
    { title: texts.actualMean, align: right },
  ];
  const head = texts.heldOut[of](count(days), figures.amount(expected), figures.amount(actual), ratio);
  return `\n${head}${printTable(columns, rows)}`;
};
