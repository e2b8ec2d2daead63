import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  areaUnderCurve,
  brierScore,
  type Forecast,
  logLoss,
  reliability,
} from '#shared/grading/statistics/prediction-quality.ts';

const outcomes = fc.array(fc.record({ score: fc.integer({ min: -5, max: 5 }), won: fc.boolean() }), { minLength: 2 });

describe('areaUnderCurve', () => {
  it('is how often a won one is above a lost one, ties half', () => {
    fc.assert(
      fc.property(outcomes, (predictions) => {
        const [won, lost] = [predictions.filter((each) => each.won), predictions.filter((each) => !each.won)];
        const pairs = won.flatMap((w) => lost.map((l) => (w.score > l.score ? 1 : w.score === l.score ? 0.5 : 0)));
        const expected =
          pairs.length === 0 ? undefined : pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
        if (expected === undefined) expect(areaUnderCurve(predictions)).toBeUndefined();
        else expect(areaUnderCurve(predictions)).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('brierScore and logLoss', () => {
  const forecasts: Forecast[] = [
    { probability: 0.9, won: true },
    { probability: 0.2, won: false },
    { probability: 0.6, won: false },
  ];
  it('are means over forecasts', () => {
    expect(brierScore(forecasts)).toBeCloseTo((0.01 + 0.04 + 0.36) / 3, 12);
    expect(logLoss(forecasts)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.4)) / 3, 12);
  });

  it('are finite for a certain miss', () => {
    expect(brierScore([{ probability: 1, won: false }])).toBe(1);
    expect(logLoss([{ probability: 1, won: false }])).toBeCloseTo(-Math.log(1e-15), 9);
  });
});

describe('reliability', () => {
  it('shares forecasts out into tenths, lowest first', () => {
    const forecasts = Array.from(
      { length: 100 },
      (_, i): Forecast => ({ probability: ((i * 37) % 100) / 100, won: (i * 37) % 100 >= 50 }),
    );
    const tenths = reliability(forecasts);
    expect(tenths.map(({ examples }) => examples)).toEqual(Array.from({ length: 10 }, () => 10));
    expect(tenths.map(({ happened }) => happened)).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(tenths[0]?.said).toBeCloseTo(0.045, 12);
    expect(tenths[9]?.said).toBeCloseTo(0.945, 12);
  });

  it('has no empty tenths', () => {
    expect(reliability([{ probability: 0.3, won: true }])).toEqual([{ examples: 1, said: 0.3, happened: 1 }]);
  });
});
