import type { Instant } from '../domain/instant.ts';
import { type Calendar, mondayOf } from './calendar.ts';
import { msPerDay } from './duration.ts';
import type { EventSource, Signal } from './signal.ts';

/** Lets the first so many facts of each kind pass per hour, day or week. Facts are asked about oldest first. */
export interface FactLimit {
  /** Starts over; returns from which instant facts must be seen, so that those from `from` on are counted right. */
  readonly begin: (from: Instant) => Instant;
  readonly admits: (at: Instant, kind: number) => boolean;
}

const msPerHour = 3_600_000;

export const compileLimit = (
  limit: Signal['limit'],
  { events }: EventSource,
  calendar: Calendar,
): FactLimit | undefined => {
  if (limit === undefined) return undefined;
  const periodOf = periods(limit.per, calendar);
  const period = new Float64Array(events.length);
  const count = new Float64Array(events.length);
  return {
    begin: (from) => {
      count.fill(0);
      return from - 8 * msPerDay; // a period that began before the window still uses up its share
    },
    admits: (at, kind) => {
      const current = periodOf(at);
      if (current !== period[kind]) count[kind] = 0;
      period[kind] = current;
      count[kind] = (count[kind] ?? 0) + 1;
      return (count[kind] ?? 0) <= limit.byEvent;
    },
  };
};

const periods = (per: 'hour' | 'day' | 'week', { dayOf, startOf }: Calendar): ((at: Instant) => number) => {
  switch (per) {
    case 'hour':
      // hours of the local day, so that zones of half-hour offsets have theirs
      return (at) => {
        const day = dayOf(at);
        return day * 32 + Math.floor((at - startOf(day)) / msPerHour);
      };
    case 'day':
      return dayOf;
    case 'week':
      return (at) => mondayOf(dayOf(at));
  }
};
