import { Temporal } from 'temporal-polyfill';
import type { Fact, Scalar } from '#shared/domain/fact.ts';

interface PlainSignal {
  readonly from: { readonly events: readonly string[]; readonly distinctBy?: string | undefined };
  readonly agg: string;
  readonly value?: { readonly path: string; readonly sign?: Readonly<Record<string, number>> };
  readonly window?: { readonly last?: string; readonly align?: string };
}

/** What a signal is worth, straight from the definition: calendar arithmetic by Temporal, every fact looked at every time. */
export const referenceSignal = (
  signal: PlainSignal,
  facts: readonly Fact[],
  now: number,
  timezone: string,
): Scalar | undefined => {
  const present = facts.filter(({ type, at }) => signal.from.events.includes(type) && at <= now);
  const latest = present.filter((fact, i) => {
    const name = signal.from.distinctBy === undefined ? undefined : fact.fields?.[signal.from.distinctBy];
    return (
      name === undefined || !present.slice(i + 1).some((later) => later.fields?.[signal.from.distinctBy ?? ''] === name)
    );
  });
  const counting = latest
    .filter(({ at }) => isInside(signal.window, at, now, timezone))
    .filter((fact) => signal.value === undefined || valueOf(signal, fact) !== undefined);
  const values = counting.map((fact) => valueOf(signal, fact) ?? 0);
  const numbers = values.map(Number);
  const cents = counting.map(
    (fact) => Math.round(Number(valueOf(signal, fact)) * 100) * (signal.value?.sign?.[fact.type] ?? 1),
  );
  const sum = cents.reduce((total, value) => total + value, 0);
  const day = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timezone).toPlainDate();
  const daysSince = (fact: Fact | undefined) => (fact === undefined ? undefined : day(fact.at).until(day(now)).days);
  switch (signal.agg) {
    case 'sum':
      return sum / 100;
    case 'avg':
      return counting.length === 0 ? undefined : sum / 100 / counting.length;
    case 'count':
      return counting.length;
    case 'min':
      return counting.length === 0 ? undefined : Math.min(...numbers);
    case 'max':
      return counting.length === 0 ? undefined : Math.max(...numbers);
    case 'last':
      return values.at(-1);
    case 'distinct':
      return new Set(values).size;
    case 'daysSinceLast':
      return daysSince(counting.at(-1));
    default:
      return daysSince(counting[0]);
  }
};

const valueOf = ({ value }: PlainSignal, fact: Fact): Scalar | undefined => {
  if (value === undefined) return undefined;
  if (value.path.startsWith('fields.')) return fact.fields?.[value.path.slice(7)];
  return fact.amount === undefined ? undefined : fact.amount.units / 10 ** fact.amount.scale;
};

const isInside = (window: PlainSignal['window'], at: number, now: number, timezone: string): boolean => {
  if (window?.last === undefined) return true;
  const length = Temporal.Duration.from(window.last);
  const [then, today] = [at, now].map((instant) =>
    Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate(),
  ) as [Temporal.PlainDate, Temporal.PlainDate];
  const before = (date: Temporal.PlainDate) => Temporal.PlainDate.compare(today, date) < 0;
  switch (window.align ?? 'instant') {
    case 'day':
      return before(then.add(length));
    case 'week':
      return before(then.subtract({ days: then.dayOfWeek - 1 }).add(length));
    case 'month':
      return before(then.with({ day: 1 }).add(length));
    default:
      return now - at < length.total({ unit: 'milliseconds' });
  }
};
