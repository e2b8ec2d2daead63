import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../domain/instant.ts';
import { msPerDay } from './duration.ts';

/** Days of one time zone, counted from 1970-01-01 = 0. Days follow the zone database, not 24 hours. */
export interface Calendar {
  readonly dayOf: (at: Instant) => number;
  /** The first instant of a day; where midnight does not exist, what follows the gap. */
  readonly startOf: (day: number) => Instant;
}

const firstDay = -7_305; // 1950-01-01
const lastDay = 54_787; // 2120-01-01

const calendars = new Map<string, Calendar>();

/** The same zone gives the same calendar: day boundaries are looked up once and kept. */
export const calendarOf = (timezone: string): Calendar => {
  const known = calendars.get(timezone);
  if (known !== undefined) return known;
  const calendar = createCalendar(timezone);
  calendars.set(timezone, calendar);
  return calendar;
};

const createCalendar = (timezone: string): Calendar => {
  const starts = new Float64Array(lastDay - firstDay).fill(Number.NaN);
  const startOf = (day: number): Instant => {
    const kept = starts[day - firstDay];
    if (kept !== undefined && !Number.isNaN(kept)) return kept;
    const start = zoneStart(day, timezone);
    if (kept !== undefined) starts[day - firstDay] = start;
    return start;
  };
  let near = 0; // offset of the last answer: the next one is mostly the same
  const dayOf = (at: Instant): number => {
    let day = Math.floor((at + near) / msPerDay);
    while (at < startOf(day)) day -= 1;
    while (at >= startOf(day + 1)) day += 1;
    near = day * msPerDay - startOf(day);
    return day;
  };
  return { dayOf, startOf };
};

const zoneStart = (day: number, timezone: string): Instant =>
  new Temporal.PlainDate(1970, 1, 1).add({ days: day }).toZonedDateTime(timezone).epochMilliseconds;

/** Monday of the day's week. 1970-01-01 was a Thursday. */
export const mondayOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

/** Months since 1970-01. */
export const monthOf = (day: number): number => {
  const date = new Date(day * msPerDay);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
};

/** The first day of a month counted from 1970-01 = 0. */
export const firstDayOf = (month: number): number => Date.UTC(1970, month, 1) / msPerDay;

/** Calendar arithmetic, clamped to the month's end: 31 January + 1 month is the last of February. */
export const addMonths = (day: number, months: number): number => {
  const month = monthOf(day);
  const start = firstDayOf(month + months);
  const length = firstDayOf(month + months + 1) - start;
  return start + Math.min(day - firstDayOf(month), length - 1);
};
