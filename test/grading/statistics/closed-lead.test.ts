import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closedLeadOf,
  featureNamesOf,
  type LeadHistory,
  type LeadRule,
} from '#shared/grading/statistics/closed-lead.ts';

const day = 86_400_000;
const rule: LeadRule = {
  won: ['deal.won'],
  lost: ['deal.lost'],
  daysBefore: 2,
  counts: { meetings: ['meeting.held'] },
};

const history: LeadHistory = {
  facts: [
    { type: 'form.submitted', at: 0, fields: { channel: 'fair', size: 1 } },
    { type: 'meeting.held', at: 3 * day, fields: { size: 2 } },
    { type: 'meeting.held', at: 8 * day },
    { type: 'meeting.held', at: 8 * day + 1, fields: { size: 3 } },
    { type: 'deal.lost', at: 10 * day, fields: { reason: 'price' } },
    { type: 'deal.won', at: 20 * day },
  ],
  told: [
    { at: 1 * day, attributes: { budget: 10, hot: true } },
    { at: 9 * day, attributes: { budget: 99 } },
  ],
};

describe('closedLeadOf', () => {
  it('knows the latest of what was told by the scoring instant, and nothing after', () => {
    expect(closedLeadOf(history, rule, 30 * day)).toEqual({
      won: false,
      scoredAt: 8 * day,
      known: {
        channel: { value: 'fair', knownAt: 0 },
        size: { value: 2, knownAt: 3 * day },
        budget: { value: 10, knownAt: 1 * day },
        hot: { value: true, knownAt: 1 * day },
        meetings: { value: 2, knownAt: 8 * day },
      },
    });
  });

  it('has no outcome yet before the first one, and goes by the first one after', () => {
    expect(closedLeadOf(history, rule, 10 * day - 1)).toBeUndefined();
    expect(closedLeadOf(history, rule, 10 * day)?.won).toBe(false);
    expect(closedLeadOf(history, { ...rule, lost: [] }, 30 * day)?.won).toBe(true);
  });

  it('knows nothing of a lead that appeared after it would have been scored', () => {
    const late = { facts: history.facts.slice(3), told: [] };
    expect(closedLeadOf(late, rule, 30 * day)?.known).toEqual({});
  });

  it('does not change with anything that is said after the scoring instant', () => {
    const fields = fc.dictionary(
      fc.constantFrom('channel', 'size', 'budget', 'other'),
      fc.oneof(fc.string(), fc.integer()),
    );
    const later = fc.record({ at: fc.integer({ min: 8 * day + 1, max: 40 * day }), attributes: fields });
    fc.assert(
      fc.property(fc.array(later), (said) => {
        const told = [...history.told, ...said].sort((a, b) => a.at - b.at);
        const facts = [
          ...history.facts,
          ...said.map(({ at, attributes }) => ({ type: 'call.completed', at, fields: attributes })),
        ];
        const more = { told, facts: facts.sort((a, b) => a.at - b.at) };
        expect(closedLeadOf(more, rule, 50 * day)).toEqual(closedLeadOf(history, rule, 50 * day));
      }),
    );
  });
});

describe('featureNamesOf', () => {
  it('takes what is a text once for a text', () => {
    const lead = (known: Record<string, string | number | boolean>) => ({
      won: true,
      scoredAt: 0,
      known: Object.fromEntries(Object.entries(known).map(([name, value]) => [name, { value, knownAt: 0 }])),
    });
    expect(featureNamesOf([lead({ b: 1, a: true, c: 'x' }), lead({ b: 'one', c: 2 }), lead({ d: 3 })])).toEqual({
      numbers: ['a', 'd'],
      texts: ['b', 'c'],
    });
  });
});
