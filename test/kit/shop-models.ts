import { compileModel } from '#shared/grading/compile-model.ts';
import type { CompiledGrader } from '#shared/grading/grader.ts';
import { Model } from '#shared/grading/model.ts';
import { shopModel } from './shop-workspace.ts';

/** A weighted sum with everything that moves by the clock: a day-aligned window, decay, a day count under a guard. */
export const healthModel = {
  apiVersion: 'grading/v1',
  kind: 'GradingModel',
  id: 'shop-health',
  version: 1,
  title: { zh: '客户健康度', en: 'Customer health' },
  subject: 'account',
  timezone: 'Europe/London',
  currency: 'GBP',
  signals: {
    sales: {
      from: { events: ['invoice.paid', 'invoice.refunded'] },
      value: { path: 'amount', sign: { 'invoice.refunded': -1 } },
      agg: 'sum',
      window: { last: 'P90D', align: 'day' },
    },
    warmth: {
      from: { events: ['invoice.paid', 'invoice.refunded'] },
      value: { perEvent: { 'invoice.paid': 5, 'invoice.refunded': -2 } },
      agg: 'sum',
      decay: { halfLife: 'P10D' },
    },
    recency: { from: { events: ['invoice.paid'] }, agg: 'daysSinceLast', window: { lifetime: true } },
    region: { from: { attribute: 'region' }, missing: { points: 1 } },
  },
  score: {
    combine: 'weightedSum',
    groups: {
      money: {
        cap: 60,
        factors: [
          { signal: 'sales', weight: 40, scale: { linear: { from: 0, to: 2_000 } } },
          { signal: 'warmth', weight: 30, scale: { saturate: { half: 6 } } },
        ],
      },
      place: {
        factors: [
          { signal: 'region', weight: 10, scale: { map: { north: 1, south: 0.3 } } },
          {
            signal: 'recency',
            weight: 20,
            scale: {
              bandsBelow: [
                [7, 1],
                [30, 0.4],
              ],
              else: 0,
            },
          },
        ],
      },
    },
  },
  grades: [
    { id: 'G', label: 'G' },
    { id: 'S', label: 'S' },
    { id: 'P', label: 'P' },
    { id: 'IDLE', label: 'IDLE', ranked: false },
  ],
  cutoffs: { method: 'absolute', atLeast: { G: 50, S: 20 } },
  guards: [{ id: 'idle', when: { gt: [{ signal: 'recency' }, 60] }, then: { grade: 'IDLE' } }],
  tags: { value: { bands: { on: { signal: 'sales' }, ge: [[1_000, 'high']], else: 'low' } } },
};

export const graderOf = (model: unknown, hash: string): CompiledGrader => compileModel(Model.parse(model), hash);

/** Tiers decide; health is a further dimension. */
export const shopGraders = (): readonly CompiledGrader[] => [
  graderOf(shopModel, 'hash-of-tiers'),
  graderOf(healthModel, 'hash-of-health'),
];
