import { describe, expect, it } from 'vitest';
import { type ExplainedChange, reasonSentences } from '#shared/grading/explain.ts';
import { Model } from '#shared/grading/model.ts';
import { instant, modelFile, smallModel } from './model-files.ts';

const abc = Model.parse(modelFile('existing-abc'));
const intent = Model.parse(modelFile('prospect-intent'));

const sale: ExplainedChange = {
  to: 'B',
  model: { id: 'existing-abc', version: 1, hash: 'h' },
  cause: { type: 'event', event: 'e1', record: 'zoho-eu/Invoices/77', facts: ['invoice.paid'] },
  contributions: [{ factor: 'revenue12m', value: 123_400.5, points: 123_400.5 }],
  next: { at: instant('2026-03-01T16:00:00Z'), to: 'C' },
};
const need: ExplainedChange = {
  to: 'A',
  model: { id: 'prospect-intent', version: 3, hash: 'h' },
  cause: { type: 'timer' },
  guard: 'silent',
  contributions: [
    { factor: 'needState', group: 'need', value: 'confirmed', points: 12 },
    { factor: 'touches', group: 'interaction', value: 8.0418, points: 6.6859, capped: true },
    { factor: 'employees', group: 'potential', points: 4.5 },
    { factor: 'background', group: 'potential', value: 'private', points: 3 },
  ],
};

describe('reasonSentences', () => {
  it('tells a sale in English', () => {
    expect(reasonSentences(sale, abc, 'en', 'Asia/Shanghai')).toEqual([
      'Cause: invoice.paid on record zoho-eu/Invoices/77',
      'Sales in the last 365 days 123,400.50 CNY',
      'If nothing happens: C (Standard) on Mar 2, 2026',
    ]);
  });

  it('tells a sale in Chinese', () => {
    expect(reasonSentences(sale, abc, 'zh', 'Asia/Shanghai')).toEqual([
      '起因：invoice.paid（记录 zoho-eu/Invoices/77）',
      '近 365 天销售额 123,400.50 CNY',
      '如无新变化：2026年3月2日起为 C 类（标准）',
    ]);
  });

  it('gives the date of the reader’s time zone', () => {
    expect(reasonSentences(sale, abc, 'en', 'America/New_York').at(-1)).toBe(
      'If nothing happens: C (Standard) on Mar 1, 2026',
    );
  });

  it('tells what time did, the guard and the largest points, in English', () => {
    expect(reasonSentences(need, intent, 'en', 'Asia/Shanghai')).toEqual([
      'Cause: time passed and nothing new happened; Interaction halves every 14 days',
      'Decided by the rule: silent',
      'Need confirmed: 12 points',
      'Interaction 8.04: 6.69 points (its group is capped)',
      'Employees: unknown: 4.5 points',
    ]);
  });

  it('tells what time did, the guard and the largest points, in Chinese', () => {
    expect(reasonSentences(need, intent, 'zh', 'Asia/Shanghai')).toEqual([
      '起因：时间推移，没有新的业务发生；互动每 14 天减半',
      '由规则决定：silent',
      '需求状态 confirmed，得 12 分',
      '互动 8.04，得 6.69 分（所在组已封顶）',
      '员工人数：未知，得 4.5 分',
    ]);
  });

  it('names a new model version, a plain update, and leaving the model', () => {
    const change: ExplainedChange = {
      ...sale,
      cause: { type: 'model' },
      contributions: [],
      next: { at: sale.next!.at, to: null },
    };
    expect(reasonSentences(change, abc, 'en', 'UTC')).toEqual([
      'Cause: version 1 of the model “Existing-customer ABC tiers” took over',
      'If nothing happens: no longer graded from Mar 1, 2026',
    ]);
    const updated: ExplainedChange = {
      ...change,
      cause: { type: 'event', event: 'e', record: 'k/Accounts/1', facts: [] },
    };
    expect(reasonSentences(updated, abc, 'zh', 'UTC')[0]).toBe('起因：记录 k/Accounts/1 有更新');
  });

  it('says nothing of a next instant that leaves the grade as it is', () => {
    expect(reasonSentences({ ...sale, next: { at: 0, to: 'B' } }, abc, 'en', 'UTC').join()).not.toContain(
      'nothing happens',
    );
  });

  it('writes yen without decimals and months as months', () => {
    const signals = {
      sales: {
        from: { events: ['invoice.paid'] },
        value: { path: 'amount' },
        agg: 'sum',
        window: { last: 'P1M', align: 'day' },
      },
    };
    const yen = Model.parse(smallModel({ currency: 'JPY', signals }));
    const change: ExplainedChange = { ...sale, contributions: [{ factor: 'sales', value: 1_200, points: 1_200 }] };
    expect(reasonSentences(change, yen, 'en', 'UTC')[1]).toBe('sales in the last 1 month 1,200 JPY');
  });
});
