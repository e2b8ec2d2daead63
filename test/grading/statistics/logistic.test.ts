import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '#shared/grading/statistics/example.ts';
import { fitLogistic, type LogisticOptions } from '#shared/grading/statistics/fit-logistic.ts';
import { regressLogits } from '#shared/grading/statistics/logistic-regression.ts';
import { logisticScore } from '#shared/grading/statistics/logistic-score.ts';
import type { Refusal } from '#shared/grading/statistics/refusal.ts';
import { splitByTime } from '#shared/grading/statistics/time-split.ts';
import { refused } from './refused.ts';

const hour = 3_600_000;
const options: LogisticOptions = { penalty: 1, calibration: 'platt', knownAfterwards: ['callDuration'] };

/** A fixed sequence that looks like chance, 0 to 1. */
const lattice = (i: number, step: number): number => (i * step) % 1;

/** One every hour, with log-odds 1.2·x − 0.7·y − 0.5 of having been won; y is unknown for every fifth. */
const examples = (count: number, change: (example: Example, i: number) => Example = (example) => example): Example[] =>
  Array.from({ length: count }, (_, i) => {
    const [x, y] = [4 * lattice(i, 0.6180339887) - 2, 4 * lattice(i, 0.7548776662) - 2];
    const won = lattice(i, 0.5698402909) < 1 / (1 + Math.exp(0.5 - 1.2 * x + 0.7 * y));
    const knownAt = i * hour - 1;
    const features = { x: { value: x, knownAt }, ...(i % 5 === 0 ? {} : { y: { value: y, knownAt } }) };
    return change({ scoredAt: i * hour, won, features }, i);
  });

const withFeature =
  (name: string, valueOf: (example: Example, i: number) => number | undefined, late = 0) =>
  (example: Example, i: number): Example => {
    const value = valueOf(example, i);
    const added = value === undefined ? {} : { [name]: { value, knownAt: example.scoredAt + late } };
    return { ...example, features: { ...example.features, ...added } };
  };

const fitted = (from: readonly Example[], by: LogisticOptions = options) => {
  const fit = fitLogistic(from, by);
  if (!fit.ok) throw new Error(fit.reason.en);
  return fit;
};

describe('regressLogits', () => {
  it('finds the log-odds of a two by two table', () => {
    const rows = [...Array.from({ length: 40 }, () => [0]), ...Array.from({ length: 60 }, () => [1])];
    const targets = rows.map(([x], i) => (x === 0 ? (i < 10 ? 1 : 0) : i < 85 ? 1 : 0));
    const [intercept = 0, weight = 0] = regressLogits(rows, targets, 0) ?? [];
    expect(intercept).toBeCloseTo(Math.log(10 / 30), 9);
    expect(weight).toBeCloseTo(Math.log(45 / 15) - Math.log(10 / 30), 9);
  });

  it('stands where the slope of the penalised loss is nought', () => {
    const rows = examples(300).map(({ features }) => [features['x']?.value ?? 0, features['y']?.value ?? 0]);
    const targets = examples(300).map(({ won }) => (won ? 1 : 0));
    const weights = regressLogits(rows, targets, 3) ?? [];
    const [b0 = 0, b1 = 0, b2 = 0] = weights;
    const misses = rows.map(([x = 0, y = 0], i) => 1 / (1 + Math.exp(-(b0 + b1 * x + b2 * y))) - (targets[i] ?? 0));
    const slope = (of: (row: readonly number[]) => number) =>
      misses.reduce((sum, miss, i) => sum + miss * of(rows[i] ?? []), 0);
    expect(slope(() => 1)).toBeCloseTo(0, 6);
    expect(slope(([x = 0]) => x) + 3 * b1).toBeCloseTo(0, 6);
    expect(slope(([, y = 0]) => y) + 3 * b2).toBeCloseTo(0, 6);
  });

  it('settles separated outcomes by the penalty, and refuses what says the same twice without one', () => {
    const rows = [[-2], [-1], [1], [2]];
    expect((regressLogits(rows, [0, 0, 1, 1], 1) ?? [])[1]).toBeGreaterThan(0.5);
    expect(
      regressLogits(
        rows.map(([x = 0]) => [x, x]),
        [0, 1, 0, 1],
        0,
      ),
    ).toBeUndefined();
  });
});

describe('splitByTime', () => {
  it('never lets a later part begin before an earlier one ends, nor tears an instant apart', () => {
    const example = fc.record({ scoredAt: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(example), (all) => {
        const { fit, calibrate, judge } = splitByTime(all);
        const times = (part: readonly { scoredAt: number }[]) => part.map(({ scoredAt }) => scoredAt);
        expect([...times(fit), ...times(calibrate), ...times(judge)]).toEqual(times(all).toSorted((a, b) => a - b));
        expect(times(calibrate).some((at) => times(fit).includes(at))).toBe(false);
        expect(times(judge).some((at) => times(calibrate).includes(at) || times(fit).includes(at))).toBe(false);
      }),
    );
  });

  it('is 60 : 20 : 20', () => {
    const { fit, calibrate, judge } = splitByTime(examples(100));
    expect([fit.length, calibrate.length, judge.length]).toEqual([60, 20, 20]);
  });
});

describe('fitLogistic', () => {
  it.each(['platt', 'isotonic'] as const)(
    'finds the weights that made the outcomes, and honest probabilities by %s',
    (calibration) => {
      const { params, quality } = fitted(examples(5_000), { ...options, calibration });
      expect(params.features['x']?.weight).toBeCloseTo(1.2, 0);
      expect(params.features['y']?.weight).toBeCloseTo(-0.7, 0);
      expect(quality.examples).toBe(1_000);
      expect(quality.areaUnderCurve).toBeGreaterThan(0.75);
      const baseRate = quality.won / quality.examples;
      expect(quality.probabilities?.brierScore).toBeLessThan(0.85 * baseRate * (1 - baseRate));
      expect(quality.probabilities?.logLoss).toBeLessThan(0.6);
      expect(quality.probabilities?.reliability).toHaveLength(10);
      for (const { said, happened } of quality.probabilities?.reliability ?? [])
        expect(Math.abs(said - happened)).toBeLessThan(0.15);
    },
  );

  it('gives a score and no probability below 200 won', () => {
    const { params, quality } = fitted(examples(420));
    expect(params.calibration).toBeUndefined();
    expect(logisticScore(params, { x: 1 })).not.toHaveProperty('probability');
    expect(quality).not.toHaveProperty('probabilities');
    expect(quality.areaUnderCurve).toBeGreaterThan(0.7);
  });

  it('gives the same whatever the order of examples', () => {
    const all = examples(1_500);
    expect(fitted(all.toReversed()).params.features['x']?.weight).toBeCloseTo(
      fitted(all).params.features['x']?.weight ?? 0,
      9,
    );
  });

  it('does not look at the latest examples before it judges by them', () => {
    const all = examples(2_000);
    const turned = all.map((example, i) => (i < 1_600 ? example : { ...example, won: !example.won }));
    expect(fitted(turned).params).toEqual(fitted(all).params);
    expect(fitted(turned).quality.areaUnderCurve).toBeLessThan(0.4);
  });

  it.each<[Refusal['code'], readonly Example[]]>([
    ['tooFewExamples', examples(160)],
    ['tooFewOutcomes', examples(600, (example, i) => ({ ...example, won: i % 40 === 0 }))],
    [
      'knownTooLate',
      examples(
        600,
        withFeature('callDuration', (_, i) => i % 9),
      ),
    ],
    [
      'knownTooLate',
      examples(
        600,
        withFeature('stageAge', (_, i) => i % 9, 1),
      ),
    ],
    [
      'tellsOutcome',
      examples(
        600,
        withFeature('tag', ({ won }, i) => (won ? 5 : 1) + (i % 3)),
      ),
    ],
    // never 0, but there for the won alone
    [
      'tellsOutcome',
      examples(
        600,
        withFeature('contractNumber', ({ won }, i) => (won ? i % 7 : undefined)),
      ),
    ],
    ['ranksNothing', examples(600, (example, i) => (i < 360 ? example : { ...example, won: !example.won }))],
  ])('refuses %s (%#)', (code, all) => {
    expect(fitLogistic(all, options)).toEqual(refused(code));
  });

  it('names the leaking feature', () => {
    const fit = fitLogistic(
      examples(
        600,
        withFeature('stageAge', (_, i) => i % 9, 1),
      ),
      options,
    );
    expect(fit.ok ? '' : fit.reason.en).toBe(
      'stageAge has values from after the scoring instant in 600 of 600 examples. Use the value as it was when the lead was scored.',
    );
  });

  it('refuses features that say the same where no penalty tells them apart', () => {
    const doubled = examples(
      600,
      withFeature('again', ({ features }) => features['x']?.value),
    );
    expect(fitLogistic(doubled, { ...options, penalty: 0 })).toMatchObject({
      ok: false,
      reason: { code: 'notConverged' },
    });
    expect(fitLogistic(doubled, options)).toMatchObject({ ok: true });
  });
});

describe('logisticScore', () => {
  const params = {
    intercept: -0.4,
    features: { x: { weight: 1.2, typical: 0.5 }, y: { weight: -0.7, typical: 2 } },
    calibration: { method: 'platt', slope: 1, offset: 0 } as const,
  };

  it('has contributions that add up to the score', () => {
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true }), (x, y) => {
        const { logOdds, contributions } = logisticScore(params, { x, y });
        expect(contributions.reduce((sum, each) => sum + each.logOdds, params.intercept)).toBeCloseTo(logOdds, 12);
        expect(logOdds).toBeCloseTo(-0.4 + 1.2 * (x - 0.5) - 0.7 * (y - 2), 12);
      }),
    );
  });

  it('takes the unknown for typical', () => {
    expect(logisticScore(params, {})).toEqual({
      logOdds: -0.4,
      probability: 1 / (1 + Math.exp(0.4)),
      contributions: [
        { feature: 'x', logOdds: 0 },
        { feature: 'y', logOdds: -0 },
      ],
    });
  });
});
