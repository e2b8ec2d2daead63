import type { Row } from './combinations.ts';

/** Keeps so many rows of the greatest value; of equal ones those that came first. */
export const bestRows = (most: number) => {
  const kept: Row[] = [];
  const valueOf = ({ survey, row }: Row): number => survey.value[row] ?? 0;
  return {
    see: (row: Row): void => {
      const value = valueOf(row);
      const last = kept.at(-1);
      if (kept.length >= most && (last === undefined || value <= valueOf(last))) return;
      const place = kept.findIndex((other) => valueOf(other) < value);
      kept.splice(place === -1 ? kept.length : place, 0, row);
      if (kept.length > most) kept.pop();
    },
    rows: (): readonly Row[] => kept,
  };
};
