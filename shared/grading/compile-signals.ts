import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { Calendar } from './calendar.ts';
import { type DaySteps, daySteps } from './day-steps.ts';
import { fixedMs } from './duration.ts';
import { compileEventSignal, type EventSignal } from './event-signal.ts';
import type { ModelShape } from './model-shape.ts';
import type { Signal } from './signal.ts';
import { scalarAt, type View } from './view.ts';

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

export interface SignalMachine {
  /** Fills the view with the profile's signals at `now`. */
  readonly load: (profile: Profile, now: Instant) => void;
  readonly moving: readonly MovingSignal[];
  /** By signal. */
  readonly rankValues: readonly (() => number)[];
}

export const compileSignals = (
  model: ModelShape,
  view: View,
  indexOf: ReadonlyMap<string, number>,
  calendar: Calendar,
): SignalMachine => {
  const moving: MovingSignal[] = [];
  const fixed: (() => void)[] = [];
  for (const [id, signal] of Object.entries(model.signals)) {
    const index = indexOf.get(id) ?? 0;
    if ('attribute' in signal.from) fixed.push(attributeSignal(signal.from.attribute, signal, view, index));
    else moving.push(movingSignal({ model, id, signal, index }, view, calendar));
  }
  const takers = takersByType(moving);
  const begins = new Float64Array(moving.length); // the oldest fact each of them wants to see
  return {
    moving,
    rankValues: Array.from(
      indexOf.values(),
      (index) => moving.find((signal) => signal.index === index)?.rankValue ?? (() => view.low[index] ?? Number.NaN),
    ),
    load: ({ attributes, facts }, now) => {
      view.attributes = attributes;
      let earliest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < moving.length; i += 1) {
        const from = moving[i]?.facts.begin(now) ?? earliest;
        begins[i] = from;
        if (from < earliest) earliest = from;
      }
      for (let i = firstAt(facts, earliest); i < facts.length; i += 1) {
        const fact = facts[i];
        const interested = fact === undefined ? undefined : takers.get(fact.type);
        if (fact === undefined || interested === undefined) continue;
        for (let t = 0; t < interested.length; t += 1) {
          const taker = interested[t];
          if (taker !== undefined && fact.at >= (begins[taker.place] ?? 0)) taker.take(fact, taker.kind);
        }
      }
      for (const show of fixed) show();
      for (const signal of moving) signal.show(now);
    },
  };
};

const attributeSignal = (name: string, signal: Signal, view: View, index: number): (() => void) => {
  const write = writerOf(signal, view, index);
  return () => write(scalarAt(view.attributes, name));
};

/** `missing: { value }` takes the place of what is unknown. */
const writerOf = (
  { missing }: Signal,
  { low, high, texts }: View,
  index: number,
): ((value: Scalar | undefined) => void) => {
  const substitute = missing !== undefined && 'value' in missing ? (missing.value ?? undefined) : undefined;
  return (found) => {
    const value = found ?? substitute;
    low[index] = high[index] = typeof value === 'number' ? value : Number.NaN;
    texts[index] = typeof value === 'number' ? undefined : value;
  };
};

interface Named {
  readonly model: ModelShape;
  readonly id: string;
  readonly signal: Signal;
  readonly index: number;
}

const movingSignal = ({ model, id, signal, index }: Named, view: View, calendar: Calendar): MovingSignal => {
  const source = 'events' in signal.from ? signal.from : { events: [] };
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

interface Taker {
  readonly take: (fact: Fact, kind: number) => void;
  readonly kind: number;
  /** Among the moving signals. */
  readonly place: number;
}

const takersByType = (moving: readonly MovingSignal[]): ReadonlyMap<string, readonly Taker[]> => {
  const takers = new Map<string, Taker[]>();
  for (const [place, { facts }] of moving.entries())
    for (const [kind, type] of facts.source.events.entries())
      takers.set(type, [...(takers.get(type) ?? []), { take: facts.offer, kind, place }]);
  return takers;
};

/** Place of the first fact at or after an instant. */
const firstAt = (facts: readonly Fact[], at: Instant): number => {
  let [low, high] = [0, at === Number.NEGATIVE_INFINITY ? 0 : facts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((facts[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
};
