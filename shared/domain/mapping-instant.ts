import { Temporal } from 'temporal-polyfill';
import { earliestInstant, type Instant, latestInstant } from './instant.ts';
import type { Json } from './json.ts';

/** Reads points in time the ways CRMs write them. */
export interface InstantReader {
  /**
   * ISO 8601 with offset, a date (its local midnight), or epoch milliseconds as a number or digits; ISO 8601 without offset where
   * it is known whose clock that is. Undefined for all else.
   */
  instantOf(value: Json | undefined): Instant | undefined;
  /** The calendar date, YYYY-MM-DD, in the reader's zone. */
  dateOf(value: Json | undefined): string | undefined;
}

const withOffset =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:([Zz])|([+-])(\d{2}):?(\d{2}))$/;
const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const digits = /^-?\d{1,16}$/;

const rememberedDates = 4_096;

/**
 * For one IANA time zone. `sourceTimezone` is where the clock stands that times without an offset were read from: of a time that
 * the clock shows twice the first counts, one that it skips is as far behind the gap as it lies in it.
 *
 * @throws {RangeError} for a zone that does not exist.
 */
export const createInstantReader = (timezone: string, sourceTimezone?: string): InstantReader => {
  const midnightOf = createMidnights(timezone);
  midnightOf('2000-01-01');
  const clockOf = sourceTimezone === undefined ? undefined : createClock(sourceTimezone);
  const instantOf = (value: Json | undefined): Instant | undefined => {
    const instant = anyInstantOf(value);
    return instant === undefined || instant < earliestInstant || instant > latestInstant ? undefined : instant;
  };
  const anyInstantOf = (value: Json | undefined): Instant | undefined => {
    if (typeof value === 'number') return epochMilliseconds(value);
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    if (dateOnly.test(text)) return midnightOf(text);
    if (digits.test(text)) return epochMilliseconds(Number(text));
    return instantWithOffset(text) ?? clockOf?.(text);
  };
  const dateOf = (value: Json | undefined): string | undefined => {
    if (typeof value === 'string' && dateOnly.test(value.trim()))
      return utcMidnight(value.trim()) === undefined ? undefined : value.trim();
    const instant = instantOf(value);
    if (instant === undefined) return undefined;
    return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate().toString();
  };
  return { instantOf, dateOf };
};

/** Reads what a clock in that zone shows. */
const createClock = (timezone: string): ((text: string) => Instant | undefined) => {
  const inZone = (utc: Instant): Instant =>
    Temporal.Instant.fromEpochMilliseconds(utc)
      .toZonedDateTimeISO('UTC')
      .toPlainDateTime()
      .toZonedDateTime(timezone, { disambiguation: 'compatible' }).epochMilliseconds;
  inZone(0);
  return (text) => {
    // read as if it were UTC first: text that has an offset is no such time with two
    const utc = instantWithOffset(`${text}Z`);
    return utc === undefined ? undefined : inZone(utc);
  };
};

/** Records of a batch share their dates, and a zone's midnight is a hundred times dearer than looking it up. */
const createMidnights = (timezone: string): ((date: string) => Instant | undefined) => {
  const known = new Map<string, Instant>();
  return (date) => {
    const remembered = known.get(date);
    if (remembered !== undefined) return remembered;
    if (utcMidnight(date) === undefined) return undefined;
    const midnight = Temporal.PlainDate.from(date).toZonedDateTime(timezone).epochMilliseconds;
    if (known.size >= rememberedDates) known.clear();
    known.set(date, midnight);
    return midnight;
  };
};

/** Seconds since 1970 read as milliseconds would all fall into early 1970: they are refused instead of silently old. */
const looksLikeSeconds = (value: number): boolean => value >= 100_000_000 && value < 100_000_000_000;

const epochMilliseconds = (value: number): Instant | undefined =>
  Number.isInteger(value) && !looksLikeSeconds(value) ? value + 0 : undefined;

const instantWithOffset = (text: string): Instant | undefined => {
  const match = withOffset.exec(text);
  if (match === null) return undefined;
  const [, date = '', hour, minute, second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] = match;
  const midnight = utcMidnight(date);
  if (midnight === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  const time = (Number(hour) * 60 + Number(minute) - offset) * 60_000 + Number(second) * 1_000;
  return midnight + time + Number(fraction.padEnd(3, '0').slice(0, 3));
};

/** Undefined for a day that the calendar does not have: 30 February must not slide into March. */
const utcMidnight = (date: string): Instant | undefined => {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
  const found = new Date(0);
  found.setUTCFullYear(year, month - 1, day);
  return found.getUTCMonth() === month - 1 ? found.getTime() : undefined;
};
