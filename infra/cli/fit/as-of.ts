import type { Instant } from '../../../shared/domain/instant.ts';
import { calendarOf } from '../../../shared/grading/calendar.ts';
import { parseWhen, type WhenSettings } from '../parse-when.ts';

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;

/** The instant that is looked at: of a date its last millisecond, so that the whole day counts. Undefined for what is none. */
export const asOfIn = (text: string | undefined, settings: WhenSettings): Instant | undefined => {
  if (text === undefined) return settings.now;
  const at = parseWhen(text, settings);
  if (at === undefined || !dateOnly.test(text)) return at;
  const { dayOf, startOf } = calendarOf(settings.timezone);
  return startOf(dayOf(at) + 1) - 1;
};
