import type { Instant } from '../domain/instant.ts';
import { addMonths, type Calendar, firstDayOf, mondayOf, monthOf } from './calendar.ts';
import { type DurationParts, msPerDay, parseDuration } from './duration.ts';
import type { Signal } from './signal.ts';

/**
 * Which facts count. A fact counts at instant t when `from(t)` ≤ its instant ≤ t, which is the same as t < `until` of
 * its instant: half-open, it counts at its own instant and no more exactly at `until`. Both never fall as time grows.
 */
export interface FactWindow {
  from(now: Instant): Instant;
  until(at: Instant): Instant;
}

const lifetime: FactWindow = { from: () => Number.NEGATIVE_INFINITY, until: () => Number.POSITIVE_INFINITY };

export const compileWindow = (window: Signal['window'], calendar: Calendar): FactWindow => {
  if (window === undefined || !('last' in window)) return lifetime;
  const length = parseDuration(window.last);
  switch (window.align) {
    case 'instant':
      return instantWindow(length.days * msPerDay + length.ms);
    case 'day':
      return alignedWindow(calendar, dayWindow(length));
    case 'week':
      return alignedWindow(calendar, {
        firstDay: (today) => mondayOf(today) - length.days + 7,
        endDay: (day) => mondayOf(day) + length.days,
      });
    case 'month':
      return alignedWindow(calendar, {
        firstDay: (today) => firstDayOf(monthOf(today) - length.months + 1),
        endDay: (day) => firstDayOf(monthOf(day) + length.months),
      });
  }
};

/** (now − length, now], to the millisecond. */
const instantWindow = (length: number): FactWindow => ({ from: (now) => now - length + 1, until: (at) => at + length });

interface DayRule {
  /** The oldest day that still counts today. */
  readonly firstDay: (today: number) => number;
  /** The first day on which a fact of this day counts no more. */
  readonly endDay: (day: number) => number;
}

const dayWindow = ({ months, days }: DurationParts): DayRule => {
  const endDay = (day: number): number => (months === 0 ? day : addMonths(day, months)) + days;
  if (months === 0) return { endDay, firstDay: (today) => today - days + 1 };
  const firstDay = (today: number): number => {
    let day = addMonths(today - days, -months);
    while (endDay(day) <= today) day += 1;
    while (endDay(day - 1) > today) day -= 1;
    return day;
  };
  return { endDay, firstDay };
};

/** Remembers today: all decisions of one day share its boundary. */
const alignedWindow = (calendar: Calendar, { firstDay, endDay }: DayRule): FactWindow => {
  const today = new Float64Array([0, 0, 0]); // begins, ends, from
  return {
    from: (now) => {
      if (!(now >= (today[0] ?? 0) && now < (today[1] ?? 0))) {
        const day = calendar.dayOf(now);
        today[0] = calendar.startOf(day);
        today[1] = calendar.startOf(day + 1);
        today[2] = calendar.startOf(firstDay(day));
      }
      return today[2] ?? 0;
    },
    until: (at) => calendar.startOf(endDay(calendar.dayOf(at))),
  };
};
