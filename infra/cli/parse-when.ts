import { Temporal } from 'temporal-polyfill';
import type { Instant } from '../../shared/domain/instant.ts';

export interface WhenSettings {
  readonly now: Instant;
  /** Of dates and times that bring no offset. */
  readonly timezone: string;
}

const ago = /^(\d{1,6})(m|h|d)$/;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A point in time as a person writes it: `90m`, `2h` or `3d` ago; an ISO 8601 date (its midnight), or date and time, with an
 * offset or by the clock of the zone. Undefined for anything else.
 */
export const parseWhen = (text: string, { now, timezone }: WhenSettings): Instant | undefined => {
  const [, count, unit = ''] = ago.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMs[unit] ?? 0);
  return (
    instantIn(() => Temporal.Instant.from(text)) ??
    instantIn(() => Temporal.PlainDateTime.from(text).toZonedDateTime(timezone))
  );
};

const instantIn = (read: () => { readonly epochMilliseconds: number }): Instant | undefined => {
  try {
    return read().epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};
