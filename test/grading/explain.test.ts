import { describe, expect, it } from 'vitest';
import { CohortId } from '#shared/domain/cohort.ts';
import type { Fact } from '#shared/domain/fact.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import type { Profile } from '#shared/domain/profile.ts';
import { type ExplainedChange, reasonSentences } from '#shared/grading/explain.ts';
import { Model } from '#shared/grading/model.ts';
import { outlookOf } from '#shared/grading/outlook.ts';
import { readerOf } from '#shared/grading/reader.ts';
import { compiled, explained, instant, modelFile, paid, profile, smallModel } from './model-files.ts';
import { daysAgo, workedLead as lead, leadGradedAt as now } from './worked-lead.ts';

const abc = Model.parse(modelFile('existing-abc'));
const intent = Model.parse(modelFile('prospect-intent'));

const sale: ExplainedChange = {
  at: instant('2026-01-30T04:00:00Z'),
  from: 'C',
  to: 'B',
  model: { id: 'existing-abc', version: 1, hash: 'h' },
  cause: { type: 'event', event: 'e1', record: 'zoho-eu/Invoices/77', facts: ['invoice.paid'] },
  contributions: [{ factor: 'revenue12m', value: 123_400.5, points: 123_400.5 }],
  next: { at: instant('2026-03-01T16:00:00Z'), to: 'C' },
};
const need: ExplainedChange = {
  at: instant('2026-03-02T01:00:00Z'),
  from: 'B',
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
      'If nothing happens: C (Standard) in 31 days (Mar 2, 2026)',
    ]);
  });

  it('tells a sale in Chinese', () => {
    expect(reasonSentences(sale, abc, 'zh', 'Asia/Shanghai')).toEqual([
      '起因：invoice.paid（记录 zoho-eu/Invoices/77）',
      '近 365 天销售额 123,400.50 CNY',
      '如无新变化：31 天后（2026年3月2日）变为 C 类（标准）',
    ]);
  });

  it('gives the date of the reader’s time zone', () => {
    expect(reasonSentences(sale, abc, 'en', 'America/New_York').at(-1)).toBe(
      'If nothing happens: C (Standard) in 31 days (Mar 1, 2026)',
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
      'If nothing happens: no longer graded in 30 days (Mar 1, 2026)',
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

const means = { needState: 0.4, employees: 0.5, touches: 0.5 };
const against = (changes: object = {}) => ({
  ...modelFile('prospect-intent'),
  tags: {},
  population: { asOf: '2026-03-01T00:00:00Z', customers: 900, means },
  stability: { hysteresis: { unit: 'score', up: 0, down: 3 }, dwell: { down: 'P3D' } },
  explain: { baseline: 'population', top: 2 },
  ...changes,
});

/** The sentences of a change that was decided and explained by the model itself. */
const told = (
  file: object,
  customer: Profile,
  from: string,
  cause: ExplainedChange['cause'] = { type: 'event', event: 'e', record: 'zoho/Events/9', facts: ['meeting.held'] },
) => {
  const { contributions, reasons, next, graded } = explained(compiled(file), customer, now, from, { cause });
  const change: ExplainedChange = {
    at: now,
    from,
    to: graded.effective,
    model: { id: 'm', version: 1, hash: 'h' },
    cause,
    contributions: [...contributions],
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
    ...(reasons === undefined ? {} : { reasons }),
    ...(next === undefined ? {} : { next }),
  };
  const model = Model.parse(file);
  return {
    en: reasonSentences(change, model, 'en', 'Asia/Shanghai'),
    zh: reasonSentences(change, model, 'zh', 'Asia/Shanghai'),
    all: (language: 'zh' | 'en') => outlookOf(change, readerOf(model, language, 'Asia/Shanghai')),
  };
};

describe('sentences on what may come', () => {
  it('tell the largest reasons against the average, the nearest change of grade, and the way down', () => {
    const { en, zh } = told(against(), lead, 'B');
    expect(en).toEqual([
      'Cause: meeting.held on record zoho/Events/9',
      'interest high: 8 points (+8 against the average customer)',
      'productFit full: 8 points (+8 against the average customer)',
      '5.82 points above the cut; B (Warm) again below 67',
      'budget at 8,900 or less would bring it down to B (Warm)',
      'If nothing happens: B (Warm) in 33 days (Apr 4, 2026), once that has lasted 3 days',
    ]);
    expect(zh).toEqual([
      '起因：meeting.held（记录 zoho/Events/9）',
      'interest high，得 8 分（比平均客户高 8 分）',
      'productFit full，得 8 分（比平均客户高 8 分）',
      '高出分界 5.82 分；低于 67 将重回 B 中意向',
      'budget 不超过 8,900 将变为 B 中意向',
      '如无新变化：33 天后（2026年4月4日）变为 B 中意向，须持续 3 天才生效',
    ]);
  });

  it('tell how many meetings it takes', () => {
    const file = against({ cutoffs: { method: 'absolute', atLeast: { A: 74.6, B: 45 } }, stability: undefined });
    expect(told(file, lead, 'C').all('en')).toMatchObject({
      distance: ['1.78 points short of A (Hot) (from 74.6)', '27.82 points above the cut; C (Cool) again below 45'],
      counterfactuals: [expect.any(String), expect.any(String)],
    });
    const { en, zh } = told({ ...file, explain: { top: 20 } }, lead, 'B');
    expect(en).toHaveLength(6);
    expect(zh).toHaveLength(6);
    const { counterfactuals } = told({ ...file, explain: { top: 20 } }, lead, 'B').all('en');
    expect(counterfactuals).toContain('One more meeting today would bring it to A (Hot)');
    expect(told({ ...file, explain: { top: 20 } }, lead, 'B').all('zh').counterfactuals).toContain(
      '今天再有 1 次会面即可达到 A 高意向',
    );
  });

  it('tell what is short in the currency, and every change to come', () => {
    const order = (days: number, units: number): Fact => ({
      ...paid(now - days * 86_400_000, units),
      fields: { orderId: String(days) },
    });
    const customer = profile([order(300, 90_000), order(200, 123_400)], { lifecycle: 'customer' });
    const { en, all } = told({ ...modelFile('existing-abc'), explain: { baseline: 'cutoff' } }, customer, 'C');
    expect(en.slice(1)).toEqual([
      'Sales in the last 365 days 213,400.00 CNY (+113,400.00 CNY against the cut of B)',
      '286,600.00 CNY short of A (Key) (from 500,000.00 CNY)',
      '286,600.00 CNY more in Sales would bring it to A (Key)',
      'If nothing happens: C (Standard) in 165 days (Aug 14, 2026)',
    ]);
    expect(all('zh')).toEqual({
      distance: [
        '距 A 类（重点）还差 286,600.00 CNY（500,000.00 CNY 起）',
        '高出分界 113,400.00 CNY；低于 100,000.00 CNY 将重回 C 类（标准）',
      ],
      counterfactuals: [
        '销售额再增加 286,600.00 CNY 即可达到 A 类（重点）',
        '销售额减少 113,400.01 CNY 将变为 C 类（标准）',
      ],
      projection: [
        '如无新变化：165 天后（2026年8月14日）变为 C 类（标准）',
        '随后：166 天后（2026年8月15日）变为 CHURNED（流失客户）（规则：churned）',
      ],
    });
  });

  it('name the group that gave all it may', () => {
    const { score } = modelFile('prospect-intent') as { score: { groups: { need: object } } };
    const need = { ...score.groups.need, title: { zh: '需求', en: 'Need' }, cap: 15 };
    const file = against({
      score: { ...score, groups: { ...score.groups, need } },
      explain: { top: 1, counterfactual: false, projection: false },
    });
    expect(told(file, lead, 'A').en).toContain('The group Need is capped at 15 points');
    expect(told(file, lead, 'A').zh).toContain('“需求”组已封顶：最多 15 分');
    expect(told(file, lead, 'A').en.join()).not.toContain('nothing happens');
  });

  it('say nothing of cuts where a guard decided', () => {
    const { en } = told(against(), { ...lead, facts: [daysAgo(0, 'quote.requested')] }, 'A');
    const junk = told(against(), { ...lead, attributes: { ...lead.attributes, leadStatus: 'junk' } }, 'A');
    expect(junk.en).toContain('Decided by the rule: junk');
    expect(junk.all('en').distance).toEqual([]);
    expect(en.length).toBeGreaterThan(1);
  });

  it('tell whose cut moved over the customer, in scores', () => {
    const file = smallModel({ cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } } });
    const cohort = explained(compiled(file), profile([]), now).graded.rank?.cuts.cohort ?? CohortId.parse('none');
    const displacement = { threshold: 0, from: 1_980, to: 2_002, passed: 3 };
    const { en, zh } = told(file, profile([paid(now, 1_990)]), 'A', {
      type: 'displaced',
      cohort,
      version: 2,
      displacement,
    });
    expect(en[0]).toBe('Cause: 3 others passed; the cut of A moved from 1,980.00 CNY to 2,002.00 CNY');
    expect(zh[0]).toBe('起因：3 个其他客户越过分界；A 的分界由 1,980.00 CNY 移到 2,002.00 CNY');
  });

  it('name who decided by hand, be it a hold or its end, and why', () => {
    const { en, zh } = told(against(), lead, 'B', { type: 'manual', command: 'c', by: 'Li', why: 'signs soon' });
    expect([en[0], zh[0]]).toEqual(['Cause: Li, by hand: signs soon', '起因：Li 手动操作（signs soon）']);
  });

  it('show a customer that was merged or converted by its id', () => {
    const customer = CustomerId.parse('lead:zoho:7');
    expect(told(against(), lead, 'B', { type: 'merge', customer }).en[0]).toBe('Cause: merged with lead:zoho:7');
    expect(told(against(), lead, 'B', { type: 'converted', customer }).zh[0]).toBe('起因：线索已转化（lead:zoho:7）');
  });
});
