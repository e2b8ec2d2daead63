import type { Figure } from './figures.ts';

/** One alarm: it goes off when `figure` is beyond `limit` in every one of so many periods that follow each other. */
export interface Alarm {
  /** Its name, after the stage's. */
  readonly id: string;
  /** The section of the runbook. */
  readonly runbook: string;
  /** In one line: what is the matter, and what to do. */
  readonly says: string;
  readonly figure: Figure;
  readonly beyond: 'above' | 'below';
  readonly limit: number;
  readonly minutes: number;
  readonly periods: number;
  /** What a period without figures is. Most figures are written only when there is something to count. */
  readonly withoutFigures: 'fine' | 'beyond';
}

type Choices = Partial<Pick<Alarm, 'beyond' | 'limit' | 'minutes' | 'periods' | 'withoutFigures'>>;

/** Goes off above 0, at the first five minutes with such a figure. */
export const alarm = (
  id: readonly [runbook: string, of?: string],
  says: string,
  figure: Figure,
  choices: Choices = {},
): Alarm => {
  const [runbook, of] = id;
  return {
    id: of === undefined ? runbook : `${runbook}-${of}`,
    runbook,
    says,
    figure,
    ...{ beyond: 'above', limit: 0, minutes: 5, periods: 1, withoutFigures: 'fine' },
    ...choices,
  };
};

/** Periods of five minutes that such a time takes. */
export const fivesIn = (minutes: number): number => Math.max(1, Math.ceil(minutes / 5));
