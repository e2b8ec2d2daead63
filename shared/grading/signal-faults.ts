import { parseDuration } from './duration.ts';
import { comparisonsIn } from './expression.ts';
import { comparisonFaults, type ModelFault } from './model-fault.ts';
import type { Aggregation, EventSource, Signal } from './signal.ts';

/** What is wrong with one signal whose shape is right. */
export const signalFaults = (signal: Signal, path: readonly PropertyKey[]): readonly ModelFault[] => {
  const at = (key: string, message: string): ModelFault => ({ path: [...path, key], message });
  if (!('events' in signal.from)) {
    const misplaced = (['value', 'agg', 'window', 'decay', 'limit'] as const).filter(
      (key) => signal[key] !== undefined,
    );
    return misplaced.map((key) => at(key, `${key} belongs to signals from events; an attribute is taken as it is`));
  }
  if (signal.agg === undefined) return [{ path, message: 'an event signal needs agg, e.g. agg: sum' }];
  return [
    ...(signal.decay !== undefined && signal.window !== undefined
      ? [at('decay', 'window and decay together are not possible: choose one')]
      : []),
    ...(signal.decay !== undefined && signal.agg !== 'sum' && signal.agg !== 'count'
      ? [at('decay', 'decay goes with agg: sum or count')]
      : []),
    ...(signal.decay !== undefined && parseDuration(signal.decay.halfLife).months > 0
      ? [at('decay', 'a half-life is a fixed time: write days, e.g. P30D instead of P1M')]
      : []),
    ...valueFaults(signal, signal.from, signal.agg, path),
    ...windowFaults(signal).map((message) => at('window', message)),
    ...sourceFaults(signal.from, signal.agg, [...path, 'from']),
  ];
};

const readsValue = (agg: Aggregation): boolean =>
  agg !== 'count' && agg !== 'daysSinceLast' && agg !== 'daysSinceFirst';

const valueFaults = (
  { value }: Signal,
  { events }: EventSource,
  agg: Aggregation,
  path: readonly PropertyKey[],
): ModelFault[] => {
  const at = [...path, 'value'];
  if (value === undefined)
    return readsValue(agg) ? [{ path, message: `agg ${agg} needs a value, e.g. value: { path: amount }` }] : [];
  if (!readsValue(agg)) return [{ path: at, message: `agg ${agg} reads no value; remove it or use agg: sum` }];
  if ('path' in value)
    return Object.keys(value.sign ?? {})
      .filter((type) => !events.includes(type))
      .map((type) => ({ path: [...at, 'sign', type], message: `${type} is not among the events of this signal` }));
  if (agg !== 'sum') return [{ path: at, message: `points per event go with agg: sum, not ${agg}` }];
  const { perEvent } = value;
  return [
    ...Object.keys(perEvent)
      .filter((type) => !events.includes(type))
      .map((type) => ({ path: [...at, 'perEvent', type], message: `${type} is not among the events of this signal` })),
    ...events
      .filter((type) => !Object.hasOwn(perEvent, type))
      .map((type) => ({ path: [...at, 'perEvent'], message: `say how many points ${type} gives` })),
  ];
};

/** An aligned window covers whole days, weeks or months; an instant one a fixed time. */
const windowFaults = ({ window }: Signal): string[] => {
  if (window === undefined || !('last' in window)) return [];
  const { months, days, ms } = parseDuration(window.last);
  switch (window.align) {
    case 'instant':
      return months > 0 ? ['months and years follow the calendar: add align: day, or write days'] : [];
    case 'day':
      return ms > 0 ? ['a window aligned to the day covers whole days, e.g. P30D or P3M'] : [];
    case 'week':
      return ms > 0 || months > 0 || days % 7 > 0 ? ['a window aligned to the week covers whole weeks, e.g. P4W'] : [];
    case 'month':
      return ms > 0 || days > 0 ? ['a window aligned to the month covers whole months, e.g. P3M'] : [];
  }
};

const sourceFaults = (
  { events, where, distinctBy }: EventSource,
  agg: Aggregation,
  path: readonly PropertyKey[],
): ModelFault[] => [
  ...(where === undefined ? [] : comparisonsIn(where, [...path, 'where']).flatMap(comparisonFaults)),
  ...(distinctBy !== undefined && agg !== 'sum' && agg !== 'count'
    ? [{ path: [...path, 'distinctBy'], message: 'distinctBy goes with agg: sum or count' }]
    : []),
  ...events.flatMap((type, i) =>
    events.indexOf(type) === i ? [] : [{ path: [...path, 'events', i], message: `${type} is named twice` }],
  ),
];
