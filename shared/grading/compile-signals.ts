import type { Fact } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { Calendar } from './calendar.ts';
import { compileFieldModel } from './compile-fitted.ts';
import type { ModelShape } from './model-shape.ts';
import { type MovingSignal, movingSignal, purchaseSignal } from './moving-signal.ts';
import type { Signal } from './signal.ts';
import { scalarAt, type View, writerOf } from './view.ts';

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
    const { from } = signal;
    if ('attribute' in from) fixed.push(attributeSignal(from.attribute, signal, view, index));
    else if (!('model' in from)) moving.push(movingSignal({ model, id, signal, index }, view, calendar));
    else if ('events' in from) moving.push(purchaseSignal(from, signal, index, view, calendar));
    else fixed.push(fieldSignal(from, signal, view, index));
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

const fieldSignal = (
  source: Parameters<typeof compileFieldModel>[0],
  signal: Signal,
  view: View,
  index: number,
): (() => void) => {
  const write = writerOf(signal, view, index);
  const read = compileFieldModel(source);
  return () => write(read(view.attributes));
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
