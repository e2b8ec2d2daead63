import { describe, expect, it } from 'vitest';
import { type FittedModel, fittedModels } from '#shared/grading/statistics/fitted-params.ts';

const dropout = { unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const spend = { p: 6.25, q: 3.74, gamma: 15.44 };
const valid: Readonly<Record<FittedModel, object>> = {
  'bgnbd.alive': { variant: 'bgnbd', ...dropout },
  'bgnbd.expected': { variant: 'bgnbd', ...dropout },
  'mbgnbd.alive': { variant: 'mbgnbd', ...dropout },
  'mbgnbd.expected': { variant: 'mbgnbd', ...dropout },
  'gammagamma.mean': spend,
  clv: { purchases: { variant: 'bgnbd', ...dropout }, spend, months: 12, discountPerMonth: 0.01, margin: 0.4 },
  logistic: {
    intercept: -1,
    features: { employees: { weight: 0.01, typical: 50 } },
    calibration: {
      method: 'isotonic',
      points: [
        [-1, 0.1],
        [2, 0.9],
      ],
    },
  },
  naiveBayes: {
    stages: [{ stage: 'new', won: 42, lost: 105 }],
    variables: { tag: { atLeast: 50, values: { one: { won: 33, lost: 65 } } } },
  },
};
const models = Object.keys(valid) as FittedModel[];

describe('fittedModels', () => {
  it.each(models)('%s reads back from JSON what a fit gave', (model) => {
    expect(fittedModels[model].parse(JSON.parse(JSON.stringify(valid[model])))).toEqual(valid[model]);
  });

  it.each(models)('%s refuses a setting it does not know', (model) => {
    expect(fittedModels[model].safeParse({ ...valid[model], tuned: 1 }).success).toBe(false);
  });

  it.each<[FittedModel, object]>([
    ['bgnbd.alive', { variant: 'mbgnbd' }],
    ['bgnbd.alive', { alpha: 0 }],
    ['mbgnbd.expected', { unit: 'month' }],
    ['gammagamma.mean', { q: 1 }],
    ['clv', { months: 0 }],
    ['clv', { discountPerMonth: 1 }],
    ['clv', { margin: 1.2 }],
    ['logistic', { calibration: { method: 'isotonic', points: [] } }],
    ['naiveBayes', { stages: [] }],
  ])('%s refuses %j', (model, change) => {
    expect(fittedModels[model].safeParse({ ...valid[model], ...change }).success).toBe(false);
  });
});
