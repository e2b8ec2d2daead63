import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import { calendarOf } from './calendar.ts';
import { compileExpression, truth } from './compile-expression.ts';
import { compileScore } from './compile-score.ts';
import { compileSignals } from './compile-signals.ts';
import { customerReaders } from './customer-readers.ts';
import { operandsIn } from './expression.ts';
import type { Model } from './model.ts';
import { compileNextInstant } from './next-instant.ts';
import { groupNames } from './score-groups.ts';
import { createView } from './view.ts';
import { watchedBy } from './watched.ts';

/** Tells which segment a customer is in, by what the model without segments makes of it. */
export interface Selector {
  /** Place of the segment; −1: none. */
  readonly select: (profile: Profile, now: Instant) => number;
  /** When that changes although nothing happens; Infinity: never. To be called right after `select`. */
  readonly next: (now: Instant) => Instant;
}

export const compileSelector = (model: Model): Selector => {
  const indexOf = new Map(Object.keys(model.signals).map((id, index) => [id, index]));
  const view = createView(indexOf.size, groupNames(model).length);
  const calendar = calendarOf(model.timezone);
  const readers = customerReaders(model, view, indexOf);
  const tests = model.segments.map(({ when }) => compileExpression(when, readers));
  let found = -1;
  const isSame = (): boolean => {
    for (const [i, test] of tests.entries()) {
      const answer = test();
      if (answer === truth.maybe) return false;
      if (answer === truth.yes) return i === found;
    }
    return found === -1;
  };
  const find = (): number => {
    found = tests.findIndex((test) => test() === truth.yes);
    return found;
  };
  if (!looksBeyondFields(model))
    return {
      select: ({ attributes }) => {
        view.attributes = attributes;
        return find();
      },
      next: () => Number.POSITIVE_INFINITY, // fields do not change by themselves
    };
  const signals = compileSignals(model, view, indexOf, calendar);
  const score = compileScore(model, view, indexOf);
  const nextInstant = compileNextInstant({
    moving: signals.moving,
    score,
    outcome: { isSame, isSameByScore: isSame, lapses: () => Number.POSITIVE_INFINITY },
    watched: watchedBy(
      model,
      indexOf,
      model.segments.map(({ when }) => when),
    ),
    view,
  });
  return {
    select: (profile, now) => {
      signals.load(profile, now);
      score.evaluate();
      view.time.fill(now);
      return find();
    },
    next: (now) => nextInstant(now) ?? Number.POSITIVE_INFINITY,
  };
};

const looksBeyondFields = ({ segments }: Model): boolean =>
  segments
    .flatMap(({ when }) => operandsIn(when, []))
    .some(({ value }) => typeof value === 'object' && !Array.isArray(value) && !('field' in value));
