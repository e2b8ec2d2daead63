import * as z from 'zod';

const pattern = /^P(?!$)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** ISO 8601, whole numbers only: `P30D`, `P3M`, `P1Y`, `P2W`, `PT12H`. */
export const DurationOrNone = z
  .string()
  .regex(pattern, 'a duration is written in ISO 8601, e.g. P30D, P3M, P1Y or PT12H');

/** Longer than nothing. */
export const Duration = DurationOrNone.refine(
  (text) => !pattern.test(text) || isLonger(parseDuration(text)),
  'a duration of zero covers nothing',
);

/** A duration by what its parts mean: months follow the calendar, days and times do not. */
export interface DurationParts {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}

export const msPerDay = 86_400_000;

/** Total for texts that {@link Duration} accepts; anything else counts as nothing. */
export const parseDuration = (text: string): DurationParts => {
  const [years, months, weeks, days, hours, minutes, seconds] = (pattern.exec(text) ?? [])
    .slice(1)
    .map((part) => Number(part || 0));
  return {
    months: (years ?? 0) * 12 + (months ?? 0),
    days: (weeks ?? 0) * 7 + (days ?? 0),
    ms: (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1_000,
  };
};

/** Of a duration without months: a day is 24 hours. */
export const fixedMs = (text: string): number => {
  const { days, ms } = parseDuration(text);
  return days * msPerDay + ms;
};

const isLonger = ({ months, days, ms }: DurationParts): boolean => months + days + ms > 0;
