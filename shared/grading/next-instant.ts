import type { Instant } from '../domain/instant.ts';
import type { OutcomeMachine } from './compile-outcome.ts';
import type { MovingSignal } from './moving-signal.ts';
import type { ScoreMachine } from './score-machine.ts';
import type { View } from './view.ts';
import type { Watched } from './watched.ts';

interface Parts {
  readonly moving: readonly MovingSignal[];
  readonly score: ScoreMachine;
  readonly outcome: Pick<OutcomeMachine, 'isSame' | 'isSameByScore' | 'lapses'>;
  readonly watched: Watched;
  readonly view: View;
}

/**
 * Finds the first instant after `now` at which something other than the score itself differs from what was just decided,
 * although nothing happens; undefined when nothing ever will. Exact to the millisecond. To be called right after a decision.
 *
 * Steps (facts that come into force or leave a window, day counts) are walked in order, each updating only what it
 * touches, up to the first that changes the outcome. Between two steps only decayed signals move; that stretch is
 * bounded as a whole and halved only where the bounds leave the outcome open.
 */
export const compileNextInstant = ({
  moving,
  score,
  outcome,
  watched,
  view,
}: Parts): ((now: Instant) => Instant | undefined) => {
  const decaying = moving.filter(({ decays }) => decays);

  const coming = new Float64Array(moving.length); // each signal's next step

  const nextStep = (): Instant => {
    let next = Number.POSITIVE_INFINITY;
    for (const instant of coming) if (instant < next) next = instant;
    return next;
  };

  const move = (signal: MovingSignal, i: number, at: Instant): void => {
    signal.facts.advance(at);
    signal.show(at);
    coming[i] = signal.next();
  };

  const show = (from: Instant, to: Instant): void => {
    view.time[0] = from;
    view.time[1] = to;
  };

  /** Moves every signal that has a step at this instant; true when the outcome is another. */
  const step = (at: Instant, lapsed: boolean): boolean => {
    show(at, at);
    let scoreMoved = false;
    let conditionMoved = lapsed;
    for (let i = 0; i < moving.length; i += 1) {
      const signal = moving[i];
      if (signal === undefined || (coming[i] ?? at) > at) continue;
      move(signal, i, at);
      if (score.update(signal.index)) scoreMoved = true;
      if (watched.signals[signal.index] === true) conditionMoved = true;
    }
    if (conditionMoved || (scoreMoved && watched.derived)) return !outcome.isSame();
    return scoreMoved && !outcome.isSameByScore();
  };

  const stepWithDecay = (at: Instant): boolean => {
    show(at, at);
    for (const [i, signal] of moving.entries()) move(signal, i, at);
    score.evaluate();
    return !outcome.isSame();
  };

  const isSameBetween = (from: Instant, to: Instant): boolean => {
    show(from, to);
    for (const signal of decaying) signal.showBetween(from, to);
    score.spread();
    return outcome.isSame();
  };

  /** The first change in (from, to], the outcome at `from` being the decided one. */
  const firstChange = (from: Instant, to: Instant): Instant | undefined => {
    if (isSameBetween(from, to)) return undefined;
    if (to - from <= 1) return isSameBetween(to, to) ? undefined : to;
    const middle = from + Math.floor((to - from) / 2);
    return firstChange(from, middle) ?? firstChange(middle, to);
  };

  const changeBetweenSteps = (from: Instant, next: Instant): Instant | undefined => {
    const quiet = decaying.reduce((latest, signal) => Math.max(latest, signal.vanishes(from)), from);
    const to = Math.min(next - 1, quiet);
    return to > from ? firstChange(from, to) : undefined;
  };

  return (now) => {
    for (let i = 0; i < moving.length; i += 1) coming[i] = moving[i]?.next() ?? Number.POSITIVE_INFINITY;
    for (let at = now; ; ) {
      const lapse = outcome.lapses(at);
      const next = Math.min(nextStep(), lapse);
      const change = decaying.length === 0 ? undefined : changeBetweenSteps(at, next);
      if (change !== undefined) return change;
      if (next === Number.POSITIVE_INFINITY) return undefined;
      if (decaying.length === 0 ? step(next, next === lapse) : stepWithDecay(next)) return next;
      at = next;
    }
  };
};
