import { type CustomerExpr, comparisonsIn, type Operand } from './expression.ts';
import type { ModelShape } from './model-shape.ts';
import type { Scale } from './scale.ts';

/** The day counts at which anything that looks at a `daysSince…` signal may answer differently. */
export interface DaySteps {
  /** The smallest of them above `days`; Infinity when there is none. */
  after(days: number): number;
}

/** Day counts beyond this are not looked at: forty years. */
const farthest = 14_610;

interface Interest {
  /** Limits a count is compared with. */
  readonly limits: readonly number[];
  /** Every day up to this one matters. */
  readonly dailyUntil: number;
}

const none: Interest = { limits: [], dailyUntil: 0 };

/** Collects them from scales, cut-offs, conditions and tags of the model. */
export const daySteps = (model: ModelShape, id: string): DaySteps => {
  const found = [...scoreInterests(model, id), ...conditionInterests(model, id), ...tagInterests(model, id)];
  const dailyUntil = Math.max(0, ...found.map((interest) => interest.dailyUntil));
  // a count is whole: v ≥ limit turns at ceil(limit), v > limit just after
  const steps = [
    ...new Set(found.flatMap(({ limits }) => limits).flatMap((limit) => [Math.ceil(limit), Math.floor(limit) + 1])),
  ].sort((a, b) => a - b);
  return {
    after: (days) => {
      const step = steps.find((candidate) => candidate > days) ?? Number.POSITIVE_INFINITY;
      return days < dailyUntil ? Math.min(days + 1, step) : step;
    },
  };
};

const scoreInterests = ({ score, cutoffs, stability }: ModelShape, id: string): Interest[] => {
  if (score.combine === 'single')
    return score.signal === id ? [{ limits: scoreLimits(cutoffs, stability), dailyUntil: 0 }] : [];
  const factors = Object.values(score.groups).flatMap((group) => group.factors);
  return factors.filter(({ signal }) => signal === id).map(({ scale }) => scaleInterest(scale));
};

/** Generous: a step at which nothing turns is only looked at. */
const scoreLimits = (cutoffs: ModelShape['cutoffs'], stability: ModelShape['stability']): readonly number[] => {
  const atLeast =
    'atLeast' in cutoffs ? cutoffs.atLeast : 'fallback' in cutoffs ? (cutoffs.fallback?.atLeast ?? {}) : {};
  const limits = [0, ...Object.values(atLeast)];
  const band = stability?.hysteresis;
  if (band === undefined || band.unit === 'rank') return limits;
  const unitOf = (limit: number): number => (band.unit === 'relative' ? Math.abs(limit) : 1);
  return limits.flatMap((limit) => [limit, limit + band.up * unitOf(limit), limit - band.down * unitOf(limit)]);
};

const scaleInterest = (scale: Scale): Interest => {
  if ('bands' in scale) return { limits: scale.bands.map(([limit]) => limit), dailyUntil: 0 };
  if ('bandsBelow' in scale) return { limits: scale.bandsBelow.map(([limit]) => limit), dailyUntil: 0 };
  if ('map' in scale) return { limits: Object.keys(scale.map).map(Number).filter(Number.isFinite), dailyUntil: 0 };
  if ('linear' in scale) return daily(Math.max(scale.linear.from, scale.linear.to) + 1);
  if ('log' in scale) return daily(Math.max(scale.log.from, scale.log.to) + 1);
  return daily(farthest);
};

const daily = (until: number): Interest => ({ limits: [], dailyUntil: Math.min(Math.ceil(until), farthest) });

const conditionInterests = (model: ModelShape, id: string): Interest[] => {
  const conditions: CustomerExpr[] = [
    ...model.guards.map(({ when }) => when),
    ...model.segments.map(({ when }) => when),
    ...(model.scope === undefined ? [] : [model.scope.when]),
  ];
  return conditions
    .flatMap((when) => comparisonsIn(when, []))
    .flatMap(({ value: { sides } }) => [
      isAbout(model, sides[0], id) ? comparedWith(sides[1]) : none,
      isAbout(model, sides[1], id) ? comparedWith(sides[0]) : none,
    ]);
};

const comparedWith = (other: Operand): Interest => {
  if (typeof other === 'number') return { limits: [other], dailyUntil: 0 };
  if (Array.isArray(other)) return { limits: other.filter((value) => typeof value === 'number'), dailyUntil: 0 };
  return typeof other === 'object' ? daily(farthest) : none;
};

const tagInterests = (model: ModelShape, id: string): Interest[] =>
  Object.values(model.tags).flatMap((tag) =>
    'bands' in tag && isAbout(model, tag.bands.on, id)
      ? [{ limits: tag.bands.ge.map(([limit]) => limit), dailyUntil: 0 }]
      : [],
  );

/** Where the signal is the score, what looks at the score looks at it. */
const isAbout = ({ score }: ModelShape, operand: Operand, id: string): boolean => {
  if (typeof operand !== 'object') return false;
  if ('signal' in operand) return operand.signal === id;
  return 'score' in operand && score.combine === 'single' && score.signal === id;
};
