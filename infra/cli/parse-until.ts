import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/domain/instant.ts';
import { parseWhen, type WhenSettings } from './parse-when.ts';

const date = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The first instant that is no longer meant: a date is meant to its end, by the calendar of the zone; any other point in time as
 * in {@link parseWhen}. Undefined for what is neither, or is past.
 */
export const parseUntil = (text: string, settings: WhenSettings): Instant | undefined => {
  const until = date.test(text) ? endOf(text, settings.timezone) : parseWhen(text, settings);
  return until !== undefined && until > settings.now ? until : undefined;
};

const endOf = (text: string, timezone: string): Instant | undefined => {
  try {
    return Temporal.PlainDate.from(text).add({ days: 1 }).toZonedDateTime(timezone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined; // 31 February
    throw error;
  }
};
