import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import { majorUnits } from '../domain/money.ts';
import type { Calendar } from './calendar.ts';
import { fixedMs, msPerDay } from './duration.ts';
import { createExactSum, decimalOf, type ExactSum } from './exact-sum.ts';
import type { Aggregation, EventSource, Signal } from './signal.ts';
import { scalarAt } from './view.ts';

/** Facts come in by time and leave in the same order. `kind` is the place of the fact's type among the signal's events. */
export interface Aggregate {
  readonly clear: () => void;
  readonly add: (fact: Fact, kind: number) => void;
  readonly drop: (fact: Fact, kind: number) => void;
  /** Undefined: nothing is known. `oldest` and `newest` are of the facts that count at `now`. */
  readonly read: (now: Instant, oldest: Fact | undefined, newest: Fact | undefined) => Scalar | undefined;
  /** See `EventSignal`. */
  readonly timeless?: () => number;
}

export const compileAggregate = (
  signal: Signal,
  source: EventSource,
  agg: Aggregation,
  calendar: Calendar,
): Aggregate => {
  if (signal.decay !== undefined) return decayed(signal, source, signal.decay, calendar);
  switch (agg) {
    case 'sum':
      return summed(signal, source);
    case 'avg':
      return averaged(signal, source);
    case 'count':
      return counted();
    case 'min':
    case 'max':
      return extreme(signal, agg === 'min' ? 1 : -1);
    case 'last':
      return latest(signal);
    case 'distinct':
      return distinct(signal);
    case 'daysSinceLast':
      return { ...stateless, read: (now, _oldest, newest) => daysSince(calendar, now, newest) };
    case 'daysSinceFirst':
      return { ...stateless, read: (now, oldest) => daysSince(calendar, now, oldest) };
  }
};

/** Reads the value of a fact that a path names: an amount in major units, or a field as it is. */
export const valueReader = (path: string): ((fact: Fact) => Scalar | undefined) => {
  if (!path.startsWith('fields.')) return ({ amount }) => (amount === undefined ? undefined : majorUnits(amount));
  const name = path.slice('fields.'.length);
  return ({ fields }) => scalarAt(fields, name);
};

const pathOf = ({ value }: Signal): string => (value !== undefined && 'path' in value ? value.path : 'amount');

const nothing = (): void => undefined;
const stateless = { clear: nothing, add: nothing, drop: nothing };

const latest = (signal: Signal): Aggregate => {
  const valueOf = valueReader(pathOf(signal));
  return { ...stateless, read: (_now, _oldest, newest) => (newest === undefined ? undefined : valueOf(newest)) };
};

const daysSince = (calendar: Calendar, now: Instant, fact: Fact | undefined): number | undefined =>
  fact === undefined ? undefined : calendar.dayOf(now) - calendar.dayOf(fact.at);

const counted = (): Aggregate => {
  let count = 0;
  return {
    clear: () => {
      count = 0;
    },
    add: () => {
      count += 1;
    },
    drop: () => {
      count -= 1;
    },
    read: () => count,
  };
};

type AddUnits = (units: number, scale: number) => void;

/** Hands the exact worth of a fact, sign included, to `add`, `times` being 1 to add and −1 to take away. */
const exactWorth = (
  { value }: Signal,
  { events }: EventSource,
): ((fact: Fact, kind: number, times: 1 | -1, add: AddUnits) => void) => {
  if (value === undefined) return (_fact, _kind, times, add) => add(times, 0);
  if ('perEvent' in value) {
    const worth = events.map((type) => decimalOf(value.perEvent[type] ?? 0));
    return (_fact, kind, times, add) => add(times * (worth[kind]?.units ?? 0), worth[kind]?.scale ?? 0);
  }
  const signs = events.map((type) => value.sign?.[type] ?? 1);
  if (!value.path.startsWith('fields.'))
    return ({ amount }, kind, times, add) => {
      if (amount !== undefined) add(times * (signs[kind] ?? 1) * amount.units, amount.scale);
    };
  const name = value.path.slice('fields.'.length);
  return ({ fields }, kind, times, add) => {
    const number = scalarAt(fields, name);
    if (typeof number !== 'number') return;
    const { units, scale } = decimalOf(number);
    add(times * (signs[kind] ?? 1) * units, scale);
  };
};

const summed = (signal: Signal, source: EventSource): Aggregate => {
  const sum = createExactSum();
  const worth = exactWorth(signal, source);
  return {
    clear: sum.clear,
    add: addingTo(sum, signal, source) ?? ((fact, kind) => worth(fact, kind, 1, sum.add)),
    drop: (fact, kind) => worth(fact, kind, -1, sum.add),
    read: sum.read,
  };
};

/** The way most facts go, made short: amounts whose sign depends on their kind at most. */
const addingTo = (sum: ExactSum, { value }: Signal, { events }: EventSource): Aggregate['add'] | undefined => {
  if (value === undefined || !('path' in value) || value.path.startsWith('fields.')) return undefined;
  const signs = events.map((type) => value.sign?.[type] ?? 1);
  return ({ amount }, kind) => {
    if (amount !== undefined) sum.add(signs[kind] === -1 ? -amount.units : amount.units, amount.scale);
  };
};

const averaged = (signal: Signal, source: EventSource): Aggregate => {
  const sum = summed(signal, source);
  const count = counted();
  return {
    clear: () => {
      sum.clear();
      count.clear();
    },
    add: (fact, kind) => {
      sum.add(fact, kind);
      count.add(fact, kind);
    },
    drop: (fact, kind) => {
      sum.drop(fact, kind);
      count.drop(fact, kind);
    },
    read: (now, oldest, newest) => {
      const facts = Number(count.read(now, oldest, newest));
      return facts === 0 ? undefined : Number(sum.read(now, oldest, newest)) / facts;
    },
  };
};

/** The smallest (direction 1) or largest (−1): a queue of those that no later fact outdoes, its front is the answer. */
const extreme = (signal: Signal, direction: 1 | -1): Aggregate => {
  const valueOf = valueReader(pathOf(signal));
  let queue: { readonly turn: number; readonly worth: number }[] = [];
  let [head, came, left] = [0, 0, 0];
  return {
    clear: () => {
      queue = [];
      head = came = left = 0;
    },
    add: (fact) => {
      const worth = Number(valueOf(fact));
      while (queue.length > head && (queue.at(-1)?.worth ?? 0) * direction >= worth * direction) queue.pop();
      queue.push({ turn: came, worth });
      came += 1;
    },
    drop: () => {
      if (queue[head]?.turn === left) head += 1;
      left += 1;
    },
    read: () => queue[head]?.worth,
  };
};

const distinct = (signal: Signal): Aggregate => {
  const valueOf = valueReader(pathOf(signal));
  const counts = new Map<Scalar, number>();
  const change = (fact: Fact, by: number): void => {
    const value = valueOf(fact);
    if (value === undefined) return;
    const count = (counts.get(value) ?? 0) + by;
    if (count === 0) counts.delete(value);
    else counts.set(value, count);
  };
  return {
    clear: () => counts.clear(),
    add: (fact) => change(fact, 1),
    drop: (fact) => change(fact, -1),
    read: () => counts.size,
  };
};

/**
 * Read to a millionth, so that a comparison and the instant computed for it agree. Aligned to the day, facts and readings move
 * to the day's number: nothing decays before midnight.
 */
const decayed = (
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
