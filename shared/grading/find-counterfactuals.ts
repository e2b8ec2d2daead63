import type { Contribution } from '../domain/change.ts';
import type { Instant } from '../domain/instant.ts';
import type { Profile } from '../domain/profile.ts';
import type { Counterfactual, Distance } from '../domain/reasons.ts';
import type { CompiledGrader, Decision, Standing } from './grader.ts';
import { leversOf } from './levers.ts';
import type { Model } from './model.ts';
import { type Supposed, suppositionsOf } from './suppositions.ts';

interface Decided {
  /** The customer's own: its segment's. */
  readonly model: Model;
  readonly profile: Profile;
  readonly now: Instant;
  readonly standing: Standing;
  readonly decision: Decision;
  readonly contributions: readonly Contribution[];
  readonly distance: Distance;
}

/** A counterfactual and how far it moves the score. */
interface Found extends Counterfactual {
  readonly size: number;
}

/**
 * The smallest change of each one factor that would bring another grade, smallest change of the score first: what would raise the
 * grade, and what would lower it, of which at least one is told. Each was graded as it says, by the cuts as they are now, guards
 * and segments included. None while the grade is held by hand.
 */
export const findCounterfactuals = (grader: CompiledGrader, decided: Decided): readonly Counterfactual[] => {
  const { model, standing, decision, profile, now, contributions, distance } = decided;
  if (decision.hold !== undefined) return [];
  const held: Standing = { ...standing, takesOver: false, held: { grade: decision.effective } };
  const before = grader.decide(profile, now, held);
  const tries = leversOf(model, contributions, distance).flatMap((lever) => {
    const found = suppositionsOf(lever, { profile, now, currency: model.currency }).flatMap((supposed) =>
      outcomeOf(supposed, before, grader.decide(supposed.profile, now, held), grader.grades),
    );
    return (['up', 'down'] as const).flatMap((direction) =>
      found
        .filter((one) => one.direction === direction)
        .sort(bySize)
        .slice(0, 1),
    );
  });
  const all = distinct(tries.sort(bySize));
  return chosen(all, model.explain.top).map(({ size: _, ...counterfactual }) => counterfactual);
};

const bySize = (a: Found, b: Found): number => a.size - b.size;

/** Two factors may look at the same facts. */
const distinct = (found: readonly Found[]): readonly Found[] => {
  const seen = new Set<string>();
  return found.filter(({ suppose }) => {
    const name = JSON.stringify(suppose);
    return !seen.has(name) && seen.add(name);
  });
};

const chosen = (all: readonly Found[], top: number): readonly Found[] => {
  const [up, down] = [all.filter(({ direction }) => direction === 'up'), all.filter((one) => one.direction === 'down')];
  if (up.length === 0) return down.slice(0, top);
  const shown = up.slice(0, down.length === 0 || top === 1 ? top : top - 1);
  return [...shown, ...down.slice(0, Math.min(1, top - shown.length))];
};

const outcomeOf = (
  { suppose }: Supposed,
  before: Decision,
  after: Decision,
  grades: CompiledGrader['grades'],
): readonly Found[] => {
  if (after.score === null || after.asked === null || after.asked === before.asked) return [];
  // to a grade that does not rank it goes down, from one up
  const placeOf = (grade: Decision['asked']): number => {
    const place = grades.findIndex(({ id, ranked }) => ranked && id === grade);
    return place < 0 ? grades.length : place;
  };
  const [from, to] = [placeOf(before.asked), placeOf(after.asked)];
  if (from === to) return [];
  const direction = to < from ? 'up' : 'down';
  const size = Math.abs(after.score - (before.score ?? 0));
  return [{ suppose, score: after.score, grade: after.asked, direction, size }];
};
