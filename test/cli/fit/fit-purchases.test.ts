import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Fitted } from '../../../shared/grading/fitted-shape.ts';
import { LifetimeValueParams } from '../../../shared/grading/statistics/fitted-params.ts';
import { lifetimeValue } from '../../../shared/grading/statistics/lifetime-value.ts';
import { historyOf } from '../../../shared/grading/statistics/purchase-history.ts';
import { calibrated, cdnowPurchases } from '../../grading/statistics/cdnow.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';
import { HoldOut, parsed, runFit, writeCsv } from './run-fit.ts';

/** The CDNOW sample as facts, a purchase a row. */
const cdnowCsv = (): Promise<string> =>
  writeCsv(temporaryFolder(), [
    ['customer', 'type', 'at', 'amount'],
    ...[...cdnowPurchases()].flatMap(([customer, purchases]) =>
      purchases.map(({ day, amount }) => [
        customer,
        'invoice.paid',
        new Date(day * 86_400_000).toISOString().slice(0, 10),
        (amount?.units ?? 0) / 10 ** (amount?.scale ?? 0),
      ]),
    ),
  ]);

const Dropout = z.object({
  variant: z.string(),
  unit: z.string(),
  r: z.number(),
  alpha: z.number(),
  a: z.number(),
  b: z.number(),
});

describe('fit bgnbd, mbgnbd, gammagamma and clv', () => {
  // BTYD's vignette: parameters, log-likelihood and the hold-out table of the 39 weeks after 1997-09-30
  it('finds what is published for CDNOW from a CSV file, and checks it against the time held out', async () => {
    const ran = await runFit(['bgnbd', '--facts', await cdnowCsv(), '--holdout', '273', '--json']);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
    const report = parsed(
      z.object({
        ok: z.literal(true),
        what: z.literal('bgnbd'),
        seenTo: z.string(),
        customers: z.number(),
        repeats: z.number(),
        params: Dropout,
        logLikelihood: z.number(),
        holdOut: HoldOut,
      }),
      ran,
    );
    const { r, alpha, a, b } = report.params;
    expect(report).toMatchObject({ seenTo: '1997-09-30', customers: 2_357, repeats: 2_457 });
    for (const [found, published] of [
      [r, 0.2425967],
      [alpha, 4.413659],
      [a, 0.7929869],
      [b, 2.426164],
    ] as const)
      expect(Math.abs(found - published)).toBeLessThan(5e-4);
    expect(report.logLikelihood).toBeCloseTo(-9582.429, 3);
    expect(report.holdOut.rows.map(({ customers }) => customers)).toEqual([1411, 439, 214, 100, 62, 38, 29, 64]);
    const actual = [0.2367116, 0.6970387, 1.392523, 1.56, 2.532258, 2.947368, 3.862069, 6.359375];
    const expected = [0.2250893, 0.5231364, 1.044126, 1.520256, 2.163824, 2.653789, 3.503957, 6.157036];
    for (const [i, row] of report.holdOut.rows.entries()) {
      expect(row.actual).toBeCloseTo(actual[i] ?? Number.NaN, 5);
      expect(row.expected).toBeCloseTo(expected[i] ?? Number.NaN, 3);
    }
    expect(report.holdOut.actual).toBe(1_882);
  });

  it('prices the first customer of CDNOW as published, by the parameters it proposes', async () => {
    const ran = await runFit(['clv', '--facts', await cdnowCsv(), '--as-of', '1997-09-30', '--json']);
    const { from } = parsed(
      z.object({ proposal: z.object({ signals: z.object({ lifetimeValue: z.object({ from: Fitted }) }) }) }),
      ran,
    ).proposal.signals.lifetimeValue;
    const params = LifetimeValueParams.parse(from.model === 'clv' ? from.params : undefined);
    // Fader and Hardie 2013; CLVTools
    expect(params.spend.p).toBeCloseTo(6.249574, 3);
    expect(params.spend.q).toBeCloseTo(3.744225, 3);
    expect(params.spend.gamma).toBeCloseTo(15.443518, 3);
    expect(params).toMatchObject({ months: 12, discountPerMonth: 0.01, margin: 1 });
    const [first = []] = cdnowPurchases().values();
    const history = historyOf(first, calibrated, 'week');
    expect(history).toMatchObject({ repeats: 2 });
    // 12 months at 1 % a month and a margin of 1, by the parameters as they are printed: 36.2873
    expect(history && lifetimeValue(params, history)).toBeCloseTo(36.29, 1);
  });

  it('says in words what was found, in both languages', async () => {
    const file = await cdnowCsv();
    const english = await runFit(['mbgnbd', '--facts', file, '--holdout', '273']);
    expect(english.out).toContain(
      'MBG/NBD, fitted to 2,357 customers and their 2,457 repeat purchases up to 1997-09-30\n',
    );
    expect(english.out).toContain('Checked against the 273 days after, which the fit did not see:');
    expect(english.out).toMatch(
      /\n {4}from:\n {6}model: mbgnbd\.alive\n {6}params: \{ variant: mbgnbd, unit: week, r: 0\.52/,
    );
    const chinese = await runFit(['gammagamma', '--facts', file, '--as-of', '1997-09-30'], { language: 'zh' });
    expect(chinese.out).toContain('Gamma-Gamma：依据截至 1997-09-30 有复购的 946 个客户的消费金额拟合\n');
    expect(chinese.out).toContain('平均单次消费：35.17');
  });

  it('refuses what is too little in a sentence, and ends with 1', async () => {
    const file = await writeCsv(temporaryFolder(), [
      ['customer', 'type', 'at', 'amount'],
      ['7', 'invoice.paid', '2026-01-01', 5],
      ['8', 'invoice.paid', '2026-01-02', 5],
    ]);
    expect(await runFit(['bgnbd', '--facts', file])).toEqual({
      code: 1,
      out: '',
      err: 'regrade: 2 customers are too few: at least 200 are needed. Use a recency rule until there are more.\n',
    });
    expect((await runFit(['bgnbd', '--facts', file], { language: 'zh' })).err).toBe(
      'regrade: 客户只有 2 个，至少需要 200 个。数量足够之前，请使用“距上次购买天数”规则。\n',
    );
    const json = await runFit(['gammagamma', '--facts', file, '--json']);
    expect(json).toMatchObject({ code: 1, err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ ok: false, what: 'gammagamma', reason: { code: 'tooFewCustomers' } });
  });

  it('does not take what it cannot understand', async () => {
    const file = await writeCsv(temporaryFolder(), [
      ['customer', 'type', 'at'],
      ['7', 'invoice.paid', 'yesterday'],
    ]);
    const odd = await runFit(['bgnbd', '--facts', file]);
    expect(odd).toMatchObject({ code: 1, out: '' });
    expect(odd.err).toContain(`${file}:2: at: "yesterday"`);
    const fine = await writeCsv(temporaryFolder(), [
      ['customer', 'type', 'at'],
      ['7', 'invoice.paid', '2026-01-01'],
    ]);
    expect(await runFit(['bgnbd', '--facts', fine, '--as-of', 'soon'])).toEqual({
      code: 2,
      out: '',
      err: 'regrade: --as-of soon is no point in time\n    → write 2026-03-01 or 2026-03-01T09:00\n',
    });
    expect((await runFit(['bgnbd', '--facts', fine, '--timezone', 'Moon/Base'])).code).toBe(2);
    expect((await runFit(['rfm', '--facts', fine, '--won', 'deal.won'])).code).toBe(2);
    expect((await runFit(['bgnbd', '--facts', fine, '--write'])).err).toContain('--write needs a file to write to');
  });
});
