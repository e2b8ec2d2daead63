import { describe, expect, it } from 'vitest';
import { compiled, explained, modelFile } from './model-files.ts';
import { workedLead as lead, leadGradedAt as now } from './worked-lead.ts';

const msPerDay = 86_400_000;
const daysFromNow = (at: number | undefined): number => ((at ?? 0) - now) / msPerDay;
/** Mean share of each factor's weight: what the average lead of the example has. */
const means = {
  employees: 0.5,
  standing: 0.4,
  background: 0.55,
  budget: 0.4,
  interest: 0.5,
  timeline: 0.3,
  buyingActs: 0.25,
  touches: 3.5 / 15,
  needState: 0.4,
  productFit: 0.5,
};
const model = (changes: object = {}) => ({
  ...modelFile('prospect-intent'),
  tags: {},
  population: { asOf: '2026-03-01T00:00:00Z', customers: 1_000, means },
  stability: { hysteresis: { unit: 'score', up: 0, down: 3 }, dwell: { down: 'P3D' } },
  explain: { baseline: 'population', top: 10 },
  ...changes,
});

describe('the reasons of the worked example', () => {
  const { contributions, reasons, graded } = explained(compiled(model()), lead, now, 'B');

  it('tell every factor against the average lead', () => {
    const phi = Object.fromEntries(contributions.map((one) => [one.factor, one.phi]));
    expect(phi).toMatchObject({
      needState: 7.2,
      employees: 4.5,
      interest: 4,
      productFit: 4,
      standing: 3,
      timeline: 2.7,
      budget: 2,
      background: 0.25,
    });
    expect(phi['touches']).toBeCloseTo(3.186, 3);
    expect(phi['buyingActs']).toBeCloseTo(2.736, 3);
  });

  it('sum to the score less that of the average lead, 33.572', () => {
    const sum = contributions.reduce((total, { phi = 0 }) => total + phi, 0);
    expect(reasons?.baseline).toEqual({ kind: 'population', score: 39.25 });
    expect(sum).toBeCloseTo(33.572, 3);
    expect(Math.abs(sum - ((graded.score ?? 0) - 39.25))).toBeLessThan(1e-9);
  });

  it('tell that nothing is better, and B 5.822 points away', () => {
    const { better, below } = reasons?.distance ?? {};
    expect(better).toBeUndefined();
    expect(below).toEqual({ grade: 'B', enter: 70, leave: 67, margin: expect.closeTo(5.822, 3) as unknown });
  });

  it('tell that without any contact it would score 66.136 and be B', () => {
    expect(reasons?.counterfactuals).toContainEqual({
      suppose: { if: 'without', factor: 'touches' },
      score: expect.closeTo(66.136, 3) as unknown,
      grade: 'B',
      direction: 'down',
    });
  });

  it('foresee the cut after 12.994 days, the exit after 30.526 and B three days later', () => {
    const [cut, fall, ...more] = reasons?.projection ?? [];
    expect(more).toEqual([]);
    expect(daysFromNow(cut?.at)).toBeCloseTo(12.994, 3);
    expect(cut).toMatchObject({ score: expect.closeTo(70, 5) as unknown, raw: 'B', to: 'A' });
    expect(daysFromNow(fall?.waited?.since)).toBeCloseTo(30.526, 3);
    expect(daysFromNow(fall?.at)).toBeCloseTo(33.526, 3);
    expect(fall).toMatchObject({ to: 'B', waited: { dwell: 'P3D', score: expect.closeTo(67, 5) as unknown } });
  });

  it('foresee the silent guard after 55.069 days where it is the first to lower the grade', () => {
    const cutoffs = { method: 'absolute', atLeast: { A: 50, B: 45 } };
    const low = explained(compiled(model({ cutoffs, stability: undefined })), lead, now, 'A');
    const [step, ...more] = low.reasons?.projection ?? [];
    expect(more).toEqual([]);
    expect(daysFromNow(step?.at)).toBeCloseTo(55.069, 3);
    expect(step).toMatchObject({ raw: 'A', to: 'B', guard: 'silent' });
    expect(low.next).toEqual({ at: step?.at, to: 'B' });
  });

  it('tell of one more meeting today that it makes 74.626 where that crosses a cut', () => {
    const cutoffs = { method: 'absolute', atLeast: { A: 74.6, B: 45 } };
    const higher = explained(compiled(model({ cutoffs, stability: undefined })), lead, now, 'B');
    expect(higher.reasons?.distance.better).toEqual({
      grade: 'A',
      enter: 74.6,
      margin: expect.closeTo(1.778, 3) as unknown,
    });
    expect(higher.reasons?.counterfactuals).toContainEqual({
      suppose: { if: 'fact', type: 'meeting.held', count: 1 },
      score: expect.closeTo(74.626, 3) as unknown,
      grade: 'A',
      direction: 'up',
    });
  });
});
