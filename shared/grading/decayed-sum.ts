import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Aggregate } from './aggregate.ts';
import type { Calendar } from './calendar.ts';
import { fixedMs, msPerDay } from './duration.ts';
import { type AddUnits, exactWorth } from './fact-worth.ts';
import type { EventSource, Signal } from './signal.ts';

/**
 * Read to a millionth, so that a comparison and the instant computed for it agree. Aligned to the day, facts and readings move
 * to the day's number: nothing decays before midnight.
 */
export const decayedSum = (
  signal: Signal,
  source: EventSource,
  { halfLife, align }: NonNullable<Signal['decay']>,
  calendar: Calendar,
): Aggregate => {
  const length = fixedMs(halfLife);
  const placed = align === 'day' ? (at: Instant): number => calendar.dayOf(at) * msPerDay : (at: Instant): number => at;
  const worth = exactWorth(signal, source);
  const state = new Float64Array(2); // the sum, and the instant it is as of
  const asOf = (at: number): number => (state[0] ?? 0) * 2 ** (((state[1] ?? 0) - at) / length);
  let share = 1;
  const addWorth: AddUnits = (units, scale) => {
    state[0] = (state[0] ?? 0) + (share * units) / 10 ** scale;
  };
  const carry = (fact: Fact, kind: number, times: 1 | -1): void => {
    const at = placed(fact.at);
    if (at > (state[1] ?? 0) || state[0] === 0) {
      state[0] = asOf(at);
      state[1] = at;
    }
    // an older fact than the sum is as of has decayed since
    share = at === state[1] ? 1 : 2 ** ((at - (state[1] ?? 0)) / length);
    worth(fact, kind, times, addWorth);
  };
  return {
    clear: () => state.fill(0),
    add: (fact, kind) => carry(fact, kind, 1),
    drop: (fact, kind) => carry(fact, kind, -1),
    read: (now) => Math.round(asOf(placed(now)) * 1e6) / 1e6 + 0, // + 0: never −0
    // log₂ of the sum as of 1970: all sums of one half-life shrink alike
    timeless: () =>
      (state[0] ?? 0) > 0 ? Math.log2(state[0] ?? 0) + (state[1] ?? 0) / length : Number.NEGATIVE_INFINITY,
  };
};
