import { describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/domain/ids.ts';
import { judgeGrades } from '#shared/grading/backtest/judge-grades.ts';
import type { ReplayedEvent } from '#shared/grading/backtest/replay.ts';
import { type BacktestSettings, runBacktest } from '#shared/grading/backtest/run-backtest.ts';
import { compiled, instant, paid, smallModel } from '../model-files.ts';

const day = 86_400_000;
const start = instant('2026-01-05T00:00:00Z');
const model = smallModel({ timezone: 'UTC' });

const event = (customer: string, days: number, units: number, type?: string): ReplayedEvent => ({
  customer: CustomerId.parse(`account:shop:${customer}`),
  fact: paid(start + days * day, units, 0, type),
});

const run = (events: readonly ReplayedEvent[], settings: Partial<BacktestSettings> = {}, file: unknown = model) => {
  const test = runBacktest(compiled(file), { from: start, to: start + 40 * day, countsFirst: false, ...settings });
  for (const each of events) test.put(each);
  return test.finish();
};

// 30 days count, that of the fact included: what was bought on day 0 is gone when day 30 begins
const history = [event('a', 0, 100), event('b', 0.5, 10), event('b', 10.5, 45), event('a', 20, 1)];

describe('runBacktest', () => {
  it('counts changes by cause, and the time for which each grade was held', () => {
    const { timeInGrade, ...counts } = run(history);
    expect(counts).toEqual({
      ...{ events: 4, customers: 2, changes: 3, customersChanged: 2, mostPerEvent: 1, mostPerCustomer: 2 },
      // b rises on day 10.5; on day 30 both lose what they bought first
      byCause: { own: 1, displaced: 0, timer: 2 },
      ...{ ups: 1, downs: 2, others: 0, changesPerEvent: 0.75, changesPerCustomer: 1.5 },
    });
    expect(timeInGrade).toEqual([
      { grade: 'A', customerDays: 30, share: 30 / 79.5 },
      { grade: 'B', customerDays: 19.5, share: 19.5 / 79.5 },
      { grade: 'C', customerDays: 30, share: 30 / 79.5 },
      { grade: 'X', customerDays: 0, share: 0 },
    ]);
  });

  it('counts first grades where that is asked for', () => {
    expect(run(history, { countsFirst: true })).toMatchObject({ changes: 5, others: 2 });
  });

  it('builds up before the stretch of time it counts, and looks at nothing behind it', () => {
    const told = run([...history, event('b', 25, 900), event('c', 39, 900)], {
      from: start + 10 * day,
      to: start + 24 * day,
    });
    expect(told).toMatchObject({ events: 2, customers: 2, byCause: { own: 1, displaced: 0, timer: 0 } });
    expect(told.timeInGrade.map(({ customerDays }) => customerDays)).toEqual([14, 13.5, 0.5, 0]);
  });

  it('judges grades by what was held right before an outcome', () => {
    const told = run(
      [
        event('a', 0, 100),
        event('b', 0, 10),
        event('a', 1, 0, 'deal.won'),
        event('b', 1, 0, 'deal.lost'),
        event('b', 2, 200),
        event('b', 3, 0, 'deal.lost'),
        event('c', 3, 0, 'deal.won'),
      ],
      { outcomes: { kind: 'closed', won: ['deal.won'], lost: ['deal.lost'] } },
    );
    expect(told.judgement).toEqual({
      ...{ count: 3, good: 1, rate: 1 / 3, areaUnderCurve: 0.5 },
      byGrade: [
        { grade: 'A', count: 2, good: 1, rate: 0.5 },
        { grade: 'C', count: 1, good: 0, rate: 0 },
      ],
      byScore: [
        { count: 1, good: 0, rate: 0, from: 210, to: 210 },
        { count: 1, good: 1, rate: 1, from: 100, to: 100 },
        { count: 1, good: 0, rate: 0, from: 10, to: 10 },
      ],
    });
  });

  it('looks at everybody in turn and waits for whether they buy again', () => {
    const events = [event('a', 0, 100), event('b', 0, 10), event('a', 12, 5), event('b', 20, 5), event('a', 33, 1)];
    const outcomes = { kind: 'repurchase', types: ['invoice.paid'], within: 10 * day } as const;
    // looks on days 0 (after what happened then), 10, 20 and 30; on day 40 nobody knows what comes
    const bought = run(events, { outcomes }).judgement;
    expect(bought).toMatchObject({ count: 8, good: 3 });
    expect(bought?.byGrade).toEqual([
      { grade: 'A', count: 3, good: 1, rate: 1 / 3 },
      { grade: 'C', count: 5, good: 2, rate: 0.4 },
    ]);
    expect(run(events, { outcomes: { ...outcomes, kind: 'churn' } }).judgement).toMatchObject({ count: 8, good: 5 });
  });
});

describe('judgeGrades', () => {
  it('keeps equal scores in one tenth, the better one', () => {
    const judged = [...Array.from({ length: 15 }, () => 7), ...Array.from({ length: 5 }, (_, index) => index)].map(
      (score, index) => ({ grade: 'A', score, good: index % 2 === 0 }),
    );
    expect(judgeGrades(judged, ['A']).byScore.map(({ count, from, to }) => [count, from, to])).toEqual([
      [15, 7, 7],
      [1, 4, 4],
      [2, 2, 3],
      [2, 0, 1],
    ]);
  });

  it('has no area where only one thing came', () => {
    expect(judgeGrades([{ grade: null, score: 1, good: true }], ['A'])).toEqual({
      ...{ count: 1, good: 1, rate: 1 },
      byGrade: [{ grade: null, count: 1, good: 1, rate: 1 }],
      byScore: [{ count: 1, good: 1, rate: 1, from: 1, to: 1 }],
    });
  });
});
