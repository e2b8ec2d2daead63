import type { Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import { calendarOf } from './calendar.ts';
import { compileSignals } from './compile-signals.ts';
import type { Model } from './model.ts';
import { createView } from './view.ts';

export interface SignalValue {
  /** NaN where the value is unknown or no number. */
  readonly number: number;
  /** What is no number. */
  readonly text: Scalar | undefined;
}

/** Reads signals of a model by name. The answer for one customer holds until the next one is asked about. */
export const readSignalsOf = (model: Model): ((profile: Profile, at: Instant) => (id: string) => SignalValue) => {
  const indexOf = new Map(Object.keys(model.signals).map((id, i) => [id, i]));
  const view = createView(indexOf.size, 0);
  const { load } = compileSignals(model, view, indexOf, calendarOf(model.timezone));
  const read = (id: string): SignalValue => {
    const index = indexOf.get(id) ?? -1;
    return { number: view.low[index] ?? Number.NaN, text: view.texts[index] };
  };
  return (profile, at) => {
    load(profile, at);
    return read;
  };
};
