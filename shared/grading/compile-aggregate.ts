import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Aggregate } from './aggregate.ts';
import type { Calendar } from './calendar.ts';
import { decayedSum } from './decayed-sum.ts';
import { createExactSum, type ExactSum } from './exact-sum.ts';
import { exactWorth, valueReader } from './fact-worth.ts';
import type { Aggregation, EventSource, Signal } from './signal.ts';

export const compileAggregate = (
  signal: Signal,
  source: EventSource,
  agg: Aggregation,
  calendar: Calendar,
): Aggregate => {
  if (signal.decay !== undefined) return decayedSum(signal, source, signal.decay, calendar);
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
