import { describe, expect, it } from 'vitest';
import { compiled, instant, paid, profile, smallModel } from './model-files.ts';

const day = 86_400_000;
/** Rounded parameters of the CDNOW sample: Fader, Hardie and Lee 2005, Marketing Science 24(2). */
const cdnow = { unit: 'week', r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const bgnbd = { variant: 'bgnbd', ...cdnow };
const spend = { p: 6.25, q: 3.74, gamma: 15.44 };

const modelOver = (from: object, cut: number): Record<string, unknown> =>
  smallModel({
    timezone: 'UTC',
    signals: { fitted: { from } },
    score: { combine: 'single', signal: 'fitted' },
    cutoffs: { method: 'absolute', atLeast: { A: cut, B: cut / 2 } },
  });

const start = instant('2026-01-01T10:00:00Z');
/** x repeats, the last one `recency` days after the first; the ones between on the first days. */
const bought = (repeats: number, recency: number) =>
  profile([
    ...Array.from({ length: repeats }, (_, i) => paid(start + (i === 0 ? 0 : i) * day, 10)),
    ...(repeats === 0 ? [paid(start, 10)] : [paid(start + recency * day, 10)]),
  ]);

describe('fitted signals', () => {
  it.each([
    [2, 213, 0.5],
    [10, 245, 0.5],
    [1, 12, 0.2],
  ])(
    'P(alive) of %d repeats, the last on day %d, falls below %d at the midnight the closed form names',
    (x, last, cut) => {
      const grader = compiled(modelOver({ model: 'bgnbd.alive', params: bgnbd }, cut));
      const customer = bought(x, last);
      // T* = (α + t_x)·[((1 − π)/π)·(b + x − 1)/a]^(1/(r + x)) − α
      const { r, alpha, a, b } = cdnow;
      const weeks = (alpha + last / 7) * (((1 - cut) / cut) * ((b + x - 1) / a)) ** (1 / (r + x)) - alpha;
      const { next, effective } = grader.grade(customer, start + last * day);
      expect(effective).toBe('A');
      expect(next).toBe(instant('2026-01-01T00:00:00Z') + Math.ceil(weeks * 7) * day);
      expect(grader.decide(customer, (next ?? 0) - 1).effective).toBe('A');
      expect(grader.decide(customer, next ?? 0).effective).toBe('B');
    },
  );

  it('says what is published for one customer: x = 2, t_x = 30.43 and T = 38.86 weeks', () => {
    const at = start + 272 * day; // 38.857 weeks
    const customer = bought(2, 213); // 30.43 weeks
    const alive = compiled(modelOver({ model: 'bgnbd.alive', params: bgnbd }, 0.5)).decide(customer, at);
    expect(alive.score).toBeCloseTo(0.72659, 3);
    const expected = modelOver({ model: 'bgnbd.expected', params: bgnbd, horizon: 'P273D' }, 1);
    expect(compiled(expected).decide(customer, at).score).toBeCloseTo(1.2261, 2);
  });

  it('tells the chance to be alive of a customer without a repeat only where the first purchase may be the last', () => {
    const customer = bought(0, 0);
    const later = start + 400 * day;
    const gone = { variant: 'mbgnbd', ...cdnow };
    expect(compiled(modelOver({ model: 'bgnbd.alive', params: bgnbd }, 0.5)).decide(customer, later).score).toBe(1);
    const mbg = compiled(modelOver({ model: 'mbgnbd.alive', params: gone }, 0.5)).decide(customer, later);
    expect(mbg.score).toBeGreaterThan(0);
    expect(mbg.score).toBeLessThan(1);
  });

  it('gives a mean amount that no clock moves, and a lifetime value that only falls', () => {
    const facts = profile([paid(start, 5), paid(start + 10 * day, 40), paid(start + 20 * day, 40)]);
    const mean = compiled(modelOver({ model: 'gammagamma.mean', params: spend }, 30));
    const graded = mean.grade(facts, start + 30 * day);
    expect(graded.score).toBeCloseTo((6.25 * (15.44 + 2 * 40)) / (6.25 * 2 + 3.74 - 1), 6);
    expect(graded.next).toBeUndefined();
    const params = { purchases: bgnbd, spend, months: 12, discountPerMonth: 0.01, margin: 1 };
    const clv = compiled(modelOver({ model: 'clv', params }, 20));
    const worth = [30, 90, 200, 400].map((days) => clv.decide(facts, start + days * day).score ?? 0);
    expect(worth).toEqual([...worth].sort((a, b) => b - a));
    const { next } = clv.grade(facts, start + 30 * day);
    expect(next).toBeDefined();
    expect(new Date(next ?? 0).toISOString()).toMatch(/T00:00:00\.000Z$/);
  });

  it('scores a lead by attributes: log-odds, and counted outcomes', () => {
    const params = {
      intercept: -1,
      features: { visits: { weight: 0.5, typical: 2 } },
      calibration: { method: 'platt', slope: 1, offset: 0 },
    };
    const logistic = compiled(modelOver({ model: 'logistic', params }, 0.5));
    expect(logistic.decide(profile([], { visits: 6 }), start).score).toBeCloseTo(1 / (1 + Math.exp(-1)), 6);
    expect(logistic.decide(profile([]), start).score).toBeCloseTo(1 / (1 + Math.exp(1)), 6);
    // 42 won and 105 lost; the tags' counts: Odoo's own test of two tags (odoo/odoo addons/crm/tests/test_crm_pls.py)
    const bayes = {
      stages: [{ stage: 'new', won: 42, lost: 105 }],
      variables: { tags: { atLeast: 50, values: { one: { won: 33, lost: 65 }, two: { won: 23, lost: 75 } } } },
    };
    const graded = compiled(modelOver({ model: 'naiveBayes', params: bayes }, 0.5)).decide(
      profile([], { stage: 'new' }),
      start,
    );
    expect(graded.score).toBeCloseTo(0.286, 3);
  });
});
