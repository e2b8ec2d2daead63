import type { Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { msPerDay } from './duration.ts';

/**
 * When something that a field dates has ended: milliseconds since 1970, an ISO 8601 instant with its offset, or a date, which
 * lasts until its midnight is over in the calendar. Undefined: the field says nothing of the kind.
 */
export const readInstant = (value: Scalar | undefined, calendar: Calendar): Instant | undefined => {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.round(value) : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) {
    const day = Date.parse(`${value}T00:00:00Z`) / msPerDay;
    return Number.isNaN(day) ? undefined : calendar.startOf(day + 1);
  }
  const at = /T.*(Z|[+-]\d{2}:?\d{2})$/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
};
