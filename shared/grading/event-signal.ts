import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { compileAggregate } from './compile-aggregate.ts';
import { compileExpression, scalarReader, truth } from './compile-expression.ts';
import { compileLimit } from './compile-limit.ts';
import type { FactOperand } from './expression.ts';
import { createFactQueue } from './fact-queue.ts';
import { valueReader } from './fact-worth.ts';
import type { EventSource, Signal } from './signal.ts';
import { scalarAt } from './view.ts';
import { compileWindow } from './window.ts';

/**
 * A signal over facts, at an instant that only moves forward: `begin`, `offer` every fact oldest first, then `read`,
 * and as often as wanted `advance` and `read` again.
 */
export interface EventSignal {
  readonly source: EventSource;
  /** Starts over at `now`. Facts older than what this returns need not be offered. */
  readonly begin: (now: Instant) => Instant;
  /** `kind` is the place of the fact's type in `source.events`. Facts of the future wait until their instant. */
  readonly offer: (fact: Fact, kind: number) => void;
  readonly advance: (to: Instant) => void;
  readonly read: (at: Instant) => Scalar | undefined;
  /** The next instant at which a fact begins or ceases to count; Infinity when none will. */
  readonly next: () => Instant;
  /** The instant it was last moved to. */
  readonly now: () => Instant;
  /** Of a decayed sum: what orders customers as the sum does at any instant alike; −Infinity for a sum of zero or less. */
  readonly timeless: () => number;
  /** The instant of the fact from which a `daysSince…` counts. */
  readonly countsFrom: () => Instant | undefined;
}

export const compileEventSignal = (signal: Signal, source: EventSource, calendar: Calendar): EventSignal => {
  const agg = signal.agg ?? 'count';
  const aggregate = compileAggregate(signal, source, agg, calendar);
  const window = compileWindow(signal.window, calendar);
  const limit = compileLimit(signal.limit, source, calendar);
  const queue = createFactQueue(aggregate, window, source.distinctBy);
  const takes = compileFilter(signal, source);
  const span = new Float64Array(1); // the first instant that counts
  return {
    source,
    begin: (now) => {
      const from = window.from(now);
      span[0] = from;
      queue.begin(now);
      return limit === undefined ? from : limit.begin(from);
    },
    offer: (fact, kind) => {
      if (takes !== undefined && !takes(fact)) return;
      if (limit !== undefined && !limit.admits(fact.at, kind)) return;
      if (fact.at >= (span[0] ?? 0)) queue.offer(fact, kind);
    },
    advance: queue.advance,
    read: (at) => aggregate.read(at, queue.oldest(), queue.newest()),
    next: queue.next,
    now: queue.now,
    timeless: aggregate.timeless ?? (() => Number.NaN),
    countsFrom: () => (agg === 'daysSinceFirst' ? queue.oldest() : queue.newest())?.at,
  };
};

type Filter = (fact: Fact) => boolean;

/** Facts that `where` refuses, or that lack the value this signal reads, are none of its business. Undefined: takes all. */
const compileFilter = (signal: Signal, { where }: EventSource): Filter | undefined => {
  const hasValue = compileHasValue(signal);
  if (where === undefined) return hasValue;
  let current: Fact | undefined;
  const test = compileExpression<FactOperand>(where, (operand) => {
    if (typeof operand !== 'object') return scalarReader(() => operand);
    return 'field' in operand ? scalarReader(fieldOf(operand.field, () => current)) : scalarReader(() => undefined);
  });
  return (fact) => {
    current = fact;
    return test() === truth.yes && (hasValue === undefined || hasValue(fact));
  };
};

/** A sum simply gains nothing from a fact without a value; other aggregates must not see it. */
const compileHasValue = ({ value, agg }: Signal): Filter | undefined => {
  if (value === undefined || !('path' in value) || agg === 'sum') return undefined;
  const valueOf = valueReader(value.path);
  return agg === 'last' || agg === 'distinct'
    ? (fact) => valueOf(fact) !== undefined
    : (fact) => typeof valueOf(fact) === 'number';
};

/** `amount` is the fact's amount in major units; any other name, with or without `fields.`, one of its fields. */
const fieldOf = (name: string, fact: () => Fact | undefined): (() => Scalar | undefined) => {
  if (name === 'amount' || name === 'amountBase') {
    const amountOf = valueReader('amount');
    return () => {
      const found = fact();
      return found === undefined ? undefined : amountOf(found);
    };
  }
  const field = name.replace(/^fields\./, '');
  return () => scalarAt(fact()?.fields, field);
};
