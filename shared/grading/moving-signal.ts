import type { Instant } from '../domain/instant.ts';
import type { Calendar } from './calendar.ts';
import { compilePurchaseModel, type PurchaseSource } from './compile-fitted.ts';
import { type DaySteps, daySteps } from './day-steps.ts';
import { fixedMs } from './duration.ts';
import { compileEventSignal, type EventSignal } from './event-signal.ts';
import type { ModelShape } from './model-shape.ts';
import type { EventSource, Signal } from './signal.ts';
import { type View, writerOf } from './view.ts';

/** A signal that changes although nothing happens. */
export interface MovingSignal {
  readonly index: number;
  readonly facts: EventSignal;
  /** Writes the value at an instant into the view. */
  readonly show: (at: Instant) => void;
  /** Writes the bounds of the value between two instants, without facts coming or going. */
  readonly showBetween: (from: Instant, to: Instant) => void;
  /** The next instant at which the value may change by a step: a fact comes or goes, a day count reaches a limit. */
  readonly next: () => Instant;
  readonly decays: boolean;
  /** A decayed value reads 0 from here on, unless further facts come. */
  readonly vanishes: (at: Instant) => Instant;
  /** What customers are ranked by where they are ranked by this signal: larger is better, and the clock does not move it. */
  readonly rankValue: () => number;
}

interface Named {
  readonly model: ModelShape;
  readonly id: string;
  readonly signal: Signal;
  readonly index: number;
}

export const movingSignal = ({ model, id, signal, index }: Named, view: View, calendar: Calendar): MovingSignal => {
  const source: EventSource = 'events' in signal.from && !('model' in signal.from) ? signal.from : { events: [] };
  const facts = compileEventSignal(signal, source, calendar);
  const write = writerOf(signal, view, index);
  const countsDays = signal.agg === 'daysSinceLast' || signal.agg === 'daysSinceFirst';
  const steps = countsDays ? daySteps(model, id) : undefined;
  const halfLife = signal.decay === undefined ? 0 : fixedMs(signal.decay.halfLife);
  const daily = signal.decay?.align === 'day';
  return {
    index,
    facts,
    decays: signal.decay !== undefined && !daily,
    show: (at) => write(facts.read(at)),
    showBetween: (from, to) => {
      // one half-life, so one sign: the value runs towards 0 without turning
      const [a, b] = [Number(facts.read(from)), Number(facts.read(to))];
      view.low[index] = Math.min(a, b);
      view.high[index] = Math.max(a, b);
    },
    next: daily
      ? () => Math.min(facts.next(), nextMidnight(facts, view.low[index], calendar))
      : steps === undefined
        ? facts.next
        : () => Math.min(facts.next(), nextDay(steps, facts, view.low[index], calendar)),
    vanishes: (at) => {
      const size = (Math.abs(Number(facts.read(at))) + 1e-6) / 4e-7; // half a millionth rounds to 0
      return Math.ceil(at + halfLife * Math.log2(size));
    },
    rankValue: countsDays
      ? () => {
          const since = facts.countsFrom();
          return since === undefined ? Number.NaN : -calendar.dayOf(since);
        }
      : signal.decay === undefined || daily
        ? () => view.low[index] ?? Number.NaN
        : facts.timeless,
  };
};

/** A value that decays by the day does so while there is any of it. */
const nextMidnight = (facts: EventSignal, value: number | undefined, calendar: Calendar): Instant =>
  value === undefined || value === 0 || Number.isNaN(value)
    ? Number.POSITIVE_INFINITY
    : calendar.startOf(calendar.dayOf(facts.now()) + 1);

/** The midnight at which a day count reaches the next count that matters. */
const nextDay = (steps: DaySteps, facts: EventSignal, days: number | undefined, calendar: Calendar): Instant => {
  const since = facts.countsFrom();
  if (since === undefined || days === undefined) return Number.POSITIVE_INFINITY;
  const step = steps.after(days);
  return step === Number.POSITIVE_INFINITY ? step : calendar.startOf(calendar.dayOf(since) + step);
};

/** Bounded like a decayed sum: between two purchases it only falls. */
export const purchaseSignal = (
  source: PurchaseSource,
  signal: Signal,
  index: number,
  view: View,
  calendar: Calendar,
): MovingSignal => {
  const facts = compilePurchaseModel(source, calendar);
  const write = writerOf(signal, view, index);
  return {
    index,
    facts,
    decays: true,
    show: (at) => write(facts.read(at)),
    showBetween: (from, to) => {
      write(facts.read(from));
      view.low[index] = Math.min(view.low[index] ?? Number.NaN, Number(facts.read(to) ?? Number.NaN));
    },
    next: facts.next,
    vanishes: facts.vanishes,
    rankValue: () => view.low[index] ?? Number.NaN,
  };
};
