const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** When each attempt is made, counted from the first: ten over a day (Standard Webhooks 1.0.0, suggested schedule). */
const schedule = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];
export const maxAttempts = schedule.length;

/** Milliseconds to wait after this many attempts, give or take 10 %; `random` is in [0, 1). */
export const backoffMs = (attempts: number, random: number): number => {
  const at = Math.min(Math.max(attempts, 1), schedule.length - 1);
  const gap = (schedule[at] ?? 0) - (schedule[at - 1] ?? 0);
  return Math.round(gap * (0.9 + 0.2 * random));
};

/** At most `sends` in any stretch of `windowMs`. */
export interface Pace {
  readonly sends: number;
  readonly windowMs: number;
}

/** Rates below one a minute become one in a longer stretch. */
export const paceOf = (perMinute: number): Pace =>
  perMinute >= 1
    ? { sends: Math.floor(perMinute), windowMs: minute }
    : { sends: 1, windowMs: Math.ceil(minute / perMinute) };
