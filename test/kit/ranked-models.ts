/** Best 20 and 50 of a hundred by net sales of 90 days, by region; wholesalers among themselves; the longest customer first among equals. */
export const rankedModel = {
  apiVersion: 'grading/v1',
  kind: 'GradingModel',
  id: 'ranked',
  version: 1,
  title: { zh: '排名', en: 'Ranked' },
  subject: 'account',
  timezone: 'Europe/London',
  currency: 'GBP',
  scope: { when: { not: { eq: [{ field: 'state' }, 'test'] } } },
  partitions: ['region'],
  signals: {
    sales: {
      from: { events: ['invoice.paid', 'invoice.refunded'] },
      value: { path: 'amount', sign: { 'invoice.refunded': -1 } },
      agg: 'sum',
      window: { last: 'P90D', align: 'day' },
    },
    tenure: { from: { events: ['invoice.paid'] }, agg: 'daysSinceFirst', window: { lifetime: true } },
  },
  score: { combine: 'single', signal: 'sales' },
  grades: [
    { id: 'A', label: 'A' },
    { id: 'B', label: 'B' },
    { id: 'C', label: 'C' },
  ],
  cutoffs: {
    method: 'rank',
    upTo: { A: 0.2, B: 0.5 },
    tieBreak: [{ signal: 'tenure', dir: 'desc' }, 'id'],
    minPopulation: 3,
    fallback: { method: 'absolute', atLeast: { A: 1_000, B: 300 } },
    nonPositive: 'C',
  },
  segments: [
    {
      id: 'wholesale',
      when: { eq: [{ field: 'type' }, 'wholesale'] },
      set: { partitions: [], cutoffs: { upTo: { A: 0.4, B: 0.6 } } },
    },
  ],
};

/** By cumulative share of all sales. */
export const shareModel = {
  ...rankedModel,
  id: 'shared',
  cutoffs: { method: 'share', upTo: { A: 0.5, B: 0.8 }, tieBreak: ['id'], nonPositive: 'C' },
  segments: [],
};
