import { parseDuration } from './duration.ts';
import { comparisonsIn } from './expression.ts';
import { comparisonFaults, type ModelFault, type Path } from './model-fault.ts';
import type { Aggregation, EventSource, FittedSource, Signal } from './signal.ts';
import { signalFaultTexts as texts } from './signal-fault-texts.ts';
import type { Text } from './text.ts';

/** What is wrong with one signal whose shape is right. */
export const signalFaults = (signal: Signal, path: Path): readonly ModelFault[] => {
  const { from, agg } = signal;
  if ('attribute' in from) return misplacedFaults(signal, 'attribute', path);
  if ('model' in from) return [...misplacedFaults(signal, 'model', path), ...fittedFaults(from, [...path, 'from'])];
  if (agg === undefined) return [{ path, message: texts.noAgg }];
  return [
    ...decayFaults(signal).map((message) => ({ path: [...path, 'decay'], message })),
    ...valueFaults(signal, from, agg, path),
    ...windowFaults(signal).map((message) => ({ path: [...path, 'window'], message })),
    ...sourceFaults(from, agg, [...path, 'from']),
  ];
};

const misplacedFaults = (signal: Signal, source: 'attribute' | 'model', path: Path): ModelFault[] =>
  (['value', 'agg', 'window', 'decay', 'limit'] as const)
    .filter((key) => signal[key] !== undefined)
    .map((key) => ({ path: [...path, key], message: texts.misplaced(key, source) }));

const fittedFaults = (from: FittedSource, path: Path): ModelFault[] => [
  ...('events' in from ? repeatedEvents(from.events, path) : []),
  ...('horizon' in from && parseDuration(from.horizon).months > 0
    ? [{ path: [...path, 'horizon'], message: texts.horizonInMonths }]
    : []),
];

const decayFaults = ({ decay, window, agg }: Signal): Text[] =>
  decay === undefined
    ? []
    : [
        ...(window === undefined ? [] : [texts.windowAndDecay]),
        ...(agg === 'sum' || agg === 'count' ? [] : [texts.decayNeedsSum]),
        ...(parseDuration(decay.halfLife).months > 0 ? [texts.decayInMonths] : []),
      ];

const readsValue = (agg: Aggregation): boolean =>
  agg !== 'count' && agg !== 'daysSinceLast' && agg !== 'daysSinceFirst';

const valueFaults = ({ value }: Signal, { events }: EventSource, agg: Aggregation, path: Path): ModelFault[] => {
  const at = [...path, 'value'];
  if (value === undefined) return readsValue(agg) ? [{ path, message: texts.noValue(agg) }] : [];
  if (!readsValue(agg)) return [{ path: at, message: texts.needlessValue(agg) }];
  if ('path' in value)
    return Object.keys(value.sign ?? {})
      .filter((type) => !events.includes(type))
      .map((type) => ({ path: [...at, 'sign', type], message: texts.foreignEvent(type) }));
  if (agg !== 'sum') return [{ path: at, message: texts.pointsNeedSum(agg) }];
  const { perEvent } = value;
  return [
    ...Object.keys(perEvent)
      .filter((type) => !events.includes(type))
      .map((type) => ({ path: [...at, 'perEvent', type], message: texts.foreignEvent(type) })),
    ...events
      .filter((type) => !Object.hasOwn(perEvent, type))
      .map((type) => ({ path: [...at, 'perEvent'], message: texts.noPoints(type) })),
  ];
};

/** An aligned window covers whole days, weeks or months; an instant one a fixed time. */
const windowFaults = ({ window }: Signal): Text[] => {
  if (window === undefined || !('last' in window)) return [];
  const { months, days, ms } = parseDuration(window.last);
  switch (window.align) {
    case 'instant':
      return months > 0 ? [texts.instantMonths] : [];
    case 'day':
      return ms > 0 ? [texts.wholeDays] : [];
    case 'week':
      return ms > 0 || months > 0 || days % 7 > 0 ? [texts.wholeWeeks] : [];
    case 'month':
      return ms > 0 || days > 0 ? [texts.wholeMonths] : [];
  }
};

const sourceFaults = ({ events, where, distinctBy }: EventSource, agg: Aggregation, path: Path): ModelFault[] => [
  ...(where === undefined ? [] : comparisonsIn(where, [...path, 'where']).flatMap(comparisonFaults)),
  ...(distinctBy !== undefined && agg !== 'sum' && agg !== 'count'
    ? [{ path: [...path, 'distinctBy'], message: texts.distinctNeedsSum }]
    : []),
  ...repeatedEvents(events, path),
];

const repeatedEvents = (events: readonly string[], path: Path): ModelFault[] =>
  events.flatMap((type, i) =>
    events.indexOf(type) === i ? [] : [{ path: [...path, 'events', i], message: texts.eventTwice(type) }],
  );
