import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';
import type { Aggregate } from './aggregate.ts';
import { scalarAt } from './view.ts';
import type { FactWindow } from './window.ts';

/** The facts of one signal that count at an instant, and those that will. First in, first out: windows never overtake. */
export interface FactQueue {
  readonly begin: (now: Instant) => void;
  /** Oldest first. */
  readonly offer: (fact: Fact, kind: number) => void;
  readonly advance: (to: Instant) => void;
  readonly next: () => Instant;
  readonly now: () => Instant;
  readonly oldest: () => Fact | undefined;
  readonly newest: () => Fact | undefined;
}

/** Most facts a queue keeps in memory from one customer to the next. */
const keptCapacity = 1_024;

export const createFactQueue = (
  aggregate: Aggregate,
  window: FactWindow,
  distinctBy: string | undefined,
): FactQueue => {
  const names = distinctBy === undefined ? undefined : createNames(distinctBy);
  let facts: Fact[] = [];
  let kinds: number[] = [];
  let [head, tail, size] = [0, 0, 0]; // what counts is from head to tail, what waits from tail to size
  const clock = new Float64Array(2); // now, and when the head ceases to count
  const seekUntil = (): void => {
    const fact = facts[head];
    clock[1] = head < tail && fact !== undefined ? window.until(fact.at) : Number.POSITIVE_INFINITY;
  };
  const leave = (i: number): void => {
    const fact = facts[i];
    if (fact !== undefined && (names === undefined || names.release(fact, i))) aggregate.drop(fact, kinds[i] ?? 0);
  };
  const enter = (fact: Fact, kind: number): void => {
    const superseded = names?.claim(fact, tail);
    const former = superseded === undefined ? undefined : facts[superseded];
    if (superseded !== undefined && former !== undefined) aggregate.drop(former, kinds[superseded] ?? 0);
    aggregate.add(fact, kind);
    tail += 1;
  };
  return {
    begin: (now) => {
      if (facts.length > keptCapacity) [facts, kinds] = [[], []];
      head = tail = size = 0;
      clock[0] = now;
      clock[1] = Number.NaN;
      aggregate.clear();
      names?.clear();
    },
    offer: (fact, kind) => {
      facts[size] = fact;
      kinds[size] = kind;
      size += 1;
      if (fact.at > (clock[0] ?? 0)) return;
      if (names !== undefined) {
        enter(fact, kind);
        return;
      }
      aggregate.add(fact, kind);
      tail += 1;
    },
    now: () => clock[0] ?? 0,
    advance: (to) => {
      clock[0] = to;
      for (let fact = facts[tail]; tail < size && fact !== undefined && fact.at <= to; fact = facts[tail])
        enter(fact, kinds[tail] ?? 0);
      seekUntil();
      while ((clock[1] ?? 0) <= to) {
        leave(head);
        head += 1;
        seekUntil();
      }
    },
    next: () => {
      if (Number.isNaN(clock[1])) seekUntil();
      const waiting = tail < size ? (facts[tail]?.at ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
      return Math.min(clock[1] ?? waiting, waiting);
    },
    oldest: () => (head < tail ? facts[head] : undefined),
    newest: () => (head < tail ? facts[tail - 1] : undefined),
  };
};

/** Of facts with the same name only the latest counts. Facts without one all do. */
const createNames = (distinctBy: string) => {
  const field = distinctBy.replace(/^fields\./, '');
  const holders = new Map<Scalar, number>();
  return {
    clear: () => holders.clear(),
    /** The place of the fact that held the name until now. */
    claim: (fact: Fact, place: number): number | undefined => {
      const name = scalarAt(fact.fields, field);
      if (name === undefined) return undefined;
      const former = holders.get(name);
      holders.set(name, place);
      return former;
    },
    /** True when the fact still counted. */
    release: (fact: Fact, place: number): boolean => {
      const name = scalarAt(fact.fields, field);
      if (name === undefined) return true;
      return holders.get(name) === place && holders.delete(name);
    },
  };
};
