import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrated, calibrateIsotonic, calibratePlatt } from '#shared/grading/statistics/calibrate.ts';
import { brierScore } from '#shared/grading/statistics/prediction-quality.ts';

const outcomes = fc.array(fc.record({ score: fc.integer({ min: -20, max: 20 }), won: fc.boolean() }), {
  minLength: 1,
  maxLength: 60,
});

describe('calibrateIsotonic', () => {
  it('pools what falls and keeps what rises', () => {
    const predictions = [1, 2, 3, 4, 5, 6].map((score, i) => ({
      score,
      won: [false, true, false, false, true, true][i] ?? false,
    }));
    expect(calibrateIsotonic(predictions)).toEqual({
      method: 'isotonic',
      points: [
        [1, 0],
        [3, 1 / 3],
        [5.5, 1],
      ],
    });
  });

  it('rises and stays within 0 and 1', () => {
    fc.assert(
      fc.property(outcomes, fc.array(fc.double({ min: -30, max: 30, noNaN: true })), (predictions, scores) => {
        const calibration = calibrateIsotonic(predictions);
        const ordered = scores.toSorted((a, b) => a - b).map((score) => calibrated(calibration, score));
        for (const [i, each] of ordered.entries()) {
          expect(each >= 0 && each <= 1).toBe(true);
          expect(each).toBeLessThanOrEqual((ordered[i + 1] ?? 1) + 1e-12);
        }
      }),
    );
  });

  it('lies on both sides of the base rate', () => {
    fc.assert(
      fc.property(outcomes, (predictions) => {
        const calibration = calibrateIsotonic(predictions);
        if (calibration.method !== 'isotonic') throw new Error('another method');
        const rate = predictions.filter(({ won }) => won).length / predictions.length;
        const [lowest, highest] = [calibration.points[0]?.[1] ?? 1, calibration.points.at(-1)?.[1] ?? 0];
        expect(lowest).toBeLessThanOrEqual(rate + 1e-12);
        expect(highest).toBeGreaterThanOrEqual(rate - 1e-12);
      }),
    );
  });
});

describe('calibratePlatt', () => {
  it('recovers the line that made the outcomes', () => {
    // at each score as many won as σ(0.8 s − 0.5) says, out of 10,000
    const predictions = [-3, -2, -1, 0, 1, 2, 3].flatMap((score) => {
      const won = Math.round(10_000 / (1 + Math.exp(0.5 - 0.8 * score)));
      return Array.from({ length: 10_000 }, (_, i) => ({ score, won: i < won }));
    });
    const calibration = calibratePlatt(predictions);
    expect(calibration).toMatchObject({ method: 'platt' });
    if (calibration?.method !== 'platt') throw new Error('another method');
    expect(calibration.slope).toBeCloseTo(0.8, 2);
    expect(calibration.offset).toBeCloseTo(-0.5, 2);
  });

  it('claims no certainty where scores separate perfectly', () => {
    const calibration = calibratePlatt([-2, -1, 1, 2].map((score) => ({ score, won: score > 0 })));
    if (calibration === undefined) throw new Error('no calibration');
    expect(calibrated(calibration, 2)).toBeGreaterThan(0.7);
    expect(calibrated(calibration, 2)).toBeLessThan(0.95);
  });

  it('is undefined where all scores are one', () => {
    expect(calibratePlatt([true, false, true].map((won) => ({ score: 3, won })))).toBeUndefined();
  });

  it('makes overconfident scores honest', () => {
    const predictions = Array.from({ length: 400 }, (_, i) => ({
      score: i % 2 === 0 ? 6 : -6,
      won: i % 8 < 6 === (i % 2 === 0),
    }));
    const calibration = calibratePlatt(predictions);
    if (calibration === undefined) throw new Error('no calibration');
    const forecast = (probabilityOf: (score: number) => number) =>
      brierScore(predictions.map(({ score, won }) => ({ probability: probabilityOf(score), won })));
    expect(forecast((score) => calibrated(calibration, score))).toBeLessThan(
      forecast((score) => 1 / (1 + Math.exp(-score))),
    );
  });
});
