import type { Contribution } from '../domain/change.ts';
import type { Scalar } from '../domain/fact.ts';
import type { Distance } from '../domain/reasons.ts';
import { groupsOf } from './cells-next-to.ts';
import { type FactorPoints, factorPoints } from './factor-points.ts';
import type { Model } from './model.ts';
import { type Reach, reachShare, type Side } from './reach-share.ts';
import type { Signal } from './signal.ts';

/** One factor, and the values of it at which the score, all else being equal, would be beyond a neighbouring cut. */
export interface Lever {
  readonly factor: string;
  readonly signal: Signal;
  readonly value: Scalar | undefined;
  readonly reaches: readonly Reach[];
}

/** How many points have to come, or to go, and where they count; everywhere without groups. */
interface Goal {
  readonly side: Side;
  readonly points: number;
  readonly groups?: readonly string[];
}

/** The smallest change of each factor that crosses a neighbouring cut, by arithmetic: to be graded before it is told. */
export const leversOf = (
  model: Model,
  contributions: readonly Contribution[],
  distance: Distance,
): readonly Lever[] => {
  const goals = goalsOf(model, distance);
  const { score, signals } = model;
  if (score.combine === 'single') {
    const signal = signals[score.signal];
    const { value, points = 0 } = contributions[0] ?? {};
    if (signal === undefined) return [];
    return [{ factor: score.signal, signal, value, reaches: goals.flatMap((goal) => scoreReaches(points, goal)) }];
  }
  const all = factorPoints(model, contributions);
  return all.flatMap((one) => {
    const signal = signals[one.factor.signal];
    if (signal === undefined) return [];
    const reaches = goals.flatMap((goal) => factorReaches(one, { model, all, goal }));
    return [{ factor: one.factor.signal, signal, value: one.value, reaches }];
  });
};

const goalsOf = ({ cutoffs }: Model, { better, below, cells = [] }: Distance): readonly Goal[] => [
  ...(better === undefined ? [] : [{ side: 'up' as const, points: better.margin }]),
  ...(below === undefined ? [] : [{ side: 'down' as const, points: below.margin }]),
  ...cells.map(({ axis, by, margin }) => ({
    side: by === 'more' ? ('up' as const) : ('down' as const),
    points: margin,
    ...(cutoffs.method === 'matrix' ? { groups: groupsOf(axis === 'row' ? cutoffs.rows : cutoffs.cols) } : {}),
  })),
];

const scoreReaches = (score: number, { side, points }: Goal): readonly Reach[] => {
  const value = Number((side === 'up' ? score + points : score - points).toPrecision(15));
  return side === 'up'
    ? [{ is: 'atLeast', value, at: value }]
    : [{ is: 'below', value, at: Number((value - Math.max(1e-6, Math.abs(value) * 1e-9)).toPrecision(15)) }];
};

interface Whole {
  readonly model: Model;
  readonly all: readonly FactorPoints[];
  readonly goal: Goal;
}

const factorReaches = (
  { factor, group, value, points: own }: FactorPoints,
  { model, all, goal }: Whole,
): readonly Reach[] => {
  const { side, points, groups } = goal;
  if (groups !== undefined && !groups.includes(group)) return [];
  const raw = all.filter((one) => one.group === group).reduce((sum, one) => sum + one.points, 0);
  const cap = capOf(model, group);
  const counted = Math.min(cap, raw);
  const wanted = side === 'up' ? counted + points : counted - points;
  if (wanted > cap + 1e-9) return [];
  const share = (own + wanted - raw) / factor.weight;
  return share < 0 || share > 1 + 1e-9 ? [] : reachShare(factor.scale, value, Math.min(1, share), side);
};

const capOf = ({ score }: Model, group: string): number =>
  (score.combine === 'single' ? undefined : score.groups[group]?.cap) ?? Number.POSITIVE_INFINITY;
