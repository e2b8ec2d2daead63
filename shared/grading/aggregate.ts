import type { Fact, Scalar } from '../domain/fact.ts';
import type { Instant } from '../domain/instant.ts';

/** Facts come in by time and leave in the same order. `kind` is the place of the fact's type among the signal's events. */
export interface Aggregate {
  readonly clear: () => void;
  readonly add: (fact: Fact, kind: number) => void;
  readonly drop: (fact: Fact, kind: number) => void;
  /** Undefined: nothing is known. `oldest` and `newest` are of the facts that count at `now`. */
  readonly read: (now: Instant, oldest: Fact | undefined, newest: Fact | undefined) => Scalar | undefined;
  /** See `EventSignal`. */
  readonly timeless?: () => number;
}
