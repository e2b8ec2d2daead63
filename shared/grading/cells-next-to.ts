import type { Contribution } from '../domain/change.ts';
import type { NextCell } from '../domain/reasons.ts';
import type { Model } from './model.ts';
import type { Axis } from './model-shape.ts';
import { sumOfPoints } from './score-groups.ts';

/** The cells of a deciding table that lie next to a customer's, by row and by column; none under other cut-offs. */
export const cellsNextTo = ({ cutoffs }: Model, contributions: readonly Contribution[]): readonly NextCell[] => {
  if (cutoffs.method !== 'matrix') return [];
  const { rows, cols, cells } = cutoffs;
  const [row, column] = [bandOf(rows, contributions), bandOf(cols, contributions)];
  return [
    ...neighbours(rows, row).map((next) => ({ axis: 'row' as const, ...next, cell: `${next.label}${column.label}` })),
    ...neighbours(cols, column).map((next) => ({
      axis: 'column' as const,
      ...next,
      cell: `${row.label}${next.label}`,
    })),
  ].map(({ label: _, ...next }) => ({ ...next, grade: cells[next.cell] ?? '' }));
};

/** The groups whose points an axis sums. */
export const groupsOf = (axis: Axis): readonly string[] => ('group' in axis ? [axis.group] : axis.groups);

interface Band {
  readonly place: number;
  readonly label: string;
  readonly points: number;
}

const bandOf = (axis: Axis, contributions: readonly Contribution[]): Band => {
  const groups = groupsOf(axis);
  const points = sumOfPoints(
    contributions.filter(({ group }) => groups.includes(group ?? '')).map((one) => one.points),
  );
  const found = axis.ge.findIndex(([limit]) => points >= limit);
  const place = found < 0 ? axis.ge.length : found;
  return { place, label: labelAt(axis, place), points };
};

const labelAt = ({ ge, else: last }: Axis, place: number): string => ge[place]?.[1] ?? last;

const neighbours = (axis: Axis, { place, points }: Band) => {
  const next = (by: 'more' | 'fewer', limit: number | undefined, label: string) =>
    limit === undefined ? [] : [{ by, label, limit, margin: Math.round(Math.abs(limit - points) * 1e6) / 1e6 }];
  return [
    ...next('more', axis.ge[place - 1]?.[0], labelAt(axis, place - 1)),
    ...next('fewer', axis.ge[place]?.[0], labelAt(axis, place + 1)),
  ];
};
