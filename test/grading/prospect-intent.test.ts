import { describe, expect, it } from 'vitest';
import { compiled, modelFile, profile } from './model-files.ts';
import { daysAgo, workedLead as lead, leadGradedAt as now } from './worked-lead.ts';

const grader = compiled(modelFile('prospect-intent'));

describe('the prospect-intent model', () => {
  it('scores the worked example 72.822 and grades it A in quadrant A1', () => {
    const graded = grader.grade(lead, now);
    expect(graded.score).toBeCloseTo(72.822, 3);
    expect(graded).toMatchObject({ raw: 'A', effective: 'A', tags: { quadrant: 'A1' } });
  });

  it('gives every group and factor of the worked example its points', () => {
    const contributions = grader.contributions(lead, now);
    const points = Object.fromEntries(contributions.map(({ factor, points }) => [factor, points]));
    expect(points['touches']).toBeCloseTo(6.686, 3);
    expect(points['buyingActs']).toBeCloseTo(4.736, 3);
    expect(points).toMatchObject({
      needState: 12,
      employees: 12,
      interest: 8,
      productFit: 8,
      standing: 7,
      timeline: 5.4,
      budget: 6,
      background: 3,
    });
    const total = (name: string) =>
      contributions.filter(({ group }) => group === name).reduce((sum, { points }) => sum + points, 0);
    expect(total('potential')).toBeCloseTo(28, 9);
    expect(total('intent')).toBeCloseTo(18.136, 3);
    expect(total('interaction')).toBeCloseTo(6.686, 3);
    expect(total('need')).toBeCloseTo(20, 9);
  });

  it('shows the values behind the decayed factors', () => {
    const values = Object.fromEntries(grader.contributions(lead, now).map(({ factor, value }) => [factor, value]));
    expect(values['touches']).toBeCloseTo(8.0418, 4);
    expect(values['buyingActs']).toBeCloseTo(8.7055, 4);
    expect(values['needState']).toBe('confirmed');
  });

  it.each([
    [29, 9],
    [30, 5.4],
    [90, 2.7],
    [180, 0],
  ])('gives a decision in %i days %f points: a band ends before its limit', (decisionInDays, points) => {
    const contributions = grader.contributions({ ...lead, attributes: { ...lead.attributes, decisionInDays } }, now);
    expect(contributions.find(({ factor }) => factor === 'timeline')?.points).toBe(points);
  });

  it('foresees the fall below 70 after 12.994 days if nothing happens', () => {
    const onA1 = { ...modelFile('prospect-intent'), tags: {} };
    const next = compiled(onA1).grade(lead, now).next ?? 0;
    expect((next - now) / 86_400_000).toBeCloseTo(12.994, 3);
    expect(grader.grade(lead, next).effective).toBe('B');
    expect(grader.grade(lead, next - 1).effective).toBe('A');
  });

  it('foresees the silent guard after 55.069 days', () => {
    const lowCuts = {
      ...modelFile('prospect-intent'),
      tags: {},
      cutoffs: { method: 'absolute', atLeast: { A: 50, B: 45 } },
    };
    const next = compiled(lowCuts).grade(lead, now).next ?? 0;
    expect((next - now) / 86_400_000).toBeCloseTo(55.069, 3);
    expect(compiled(lowCuts).grade(lead, next)).toMatchObject({ raw: 'A', effective: 'B', guard: 'silent' });
  });

  it('scores one more meeting today 74.626', () => {
    const graded = grader.grade(profile([...lead.facts, { type: 'meeting.held', at: now }], lead.attributes), now);
    expect(graded.score).toBeCloseTo(74.626, 3);
  });

  it('scores no contact at all 66.136, grade B', () => {
    const silent = profile([daysAgo(6, 'quote.requested')], lead.attributes);
    expect(grader.grade(silent, now).score).toBeCloseTo(66.136, 3);
    expect(grader.grade(silent, now)).toMatchObject({ raw: 'B', effective: 'B' });
  });

  it('caps a lead of whose company too little is known, points given to the unknown notwithstanding', () => {
    const known = Object.entries(lead.attributes).filter(
      ([name]) => name !== 'employees' && name !== 'industryStanding',
    );
    const rest = Object.fromEntries(known);
    const graded = grader.grade(
      profile([...lead.facts, daysAgo(0, 'demo.requested')], { ...rest, budgetBase: 500_000 }),
      now,
    );
    expect(graded).toMatchObject({ effective: 'B' });
    const generous = compiled({
      ...modelFile('prospect-intent'),
      cutoffs: { method: 'absolute', atLeast: { A: 50, B: 45 } },
    });
    expect(generous.grade(profile(lead.facts, rest), now)).toMatchObject({
      raw: 'A',
      effective: 'B',
      guard: 'unknown',
    });
  });

  it('does not grade who is not in its scope', () => {
    const graded = grader.grade(profile(lead.facts, { ...lead.attributes, lifecycle: 'customer' }), now);
    expect(graded).toEqual({ score: null, zone: 0, raw: null, asked: null, effective: null, tags: {} });
  });
});
