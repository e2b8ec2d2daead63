import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { temporaryFolder } from '../../kit/temporary-folder.ts';
import { parsed, runFit, writeCsv } from './run-fit.ts';

/** A number of 0 to 1 that follows from a place alone (Wang's integer hash). */
const chance = (seed: number): number => {
  let hash = Math.imul(seed ^ 61 ^ (seed >>> 16), 9);
  hash = Math.imul(hash ^ (hash >>> 4), 0x27d4eb2d);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
};

const day = (number: number): string => new Date(Date.UTC(2025, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);

const header = [
  'customer',
  'type',
  'at',
  'attributes.employees',
  'attributes.industry',
  'budget',
  'attributes.closingNote',
];

/**
 * Leads whose odds of winning are e^(−1 + 0.02 · employees) for the industry `tools`, a fifth of it otherwise; the note is filled in on
 * the day of the outcome and tells it.
 */
const leads = (count: number): (string | number)[][] =>
  Array.from({ length: count }, (_, i) => {
    const employees = Math.floor(chance(3 * i) * 200);
    const industry = chance(3 * i + 1) < 0.5 ? 'tools' : 'food';
    const odds = Math.exp(-1 + 0.02 * employees) * (industry === 'tools' ? 1 : 0.2);
    const won = chance(3 * i + 2) < odds / (1 + odds);
    const start = Math.floor((i * 300) / count);
    return [
      [`lead${i}`, 'form.submitted', day(start), employees, industry, employees * 10, ''],
      [`lead${i}`, won ? 'deal.won' : 'deal.lost', day(start + 20), '', '', '', won ? 1 : 0],
    ];
  }).flat();

const Quality = z.object({
  examples: z.number(),
  won: z.number(),
  areaUnderCurve: z.number(),
  brierScore: z.number().optional(),
  reliability: z.array(z.object({ examples: z.number(), said: z.number(), happened: z.number() })).optional(),
});

describe('fit logistic', () => {
  const Report = z.object({
    closed: z.number(),
    features: z.array(z.string()),
    leftOut: z.array(z.string()),
    params: z.object({
      features: z.record(z.string(), z.object({ weight: z.number() })),
      calibration: z.unknown().optional(),
    }),
    quality: Quality,
  });

  it('weighs what was known before the outcome, and says how good it is on leads it has not seen', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(2_000)]);
    const report = parsed(Report, await runFit(['logistic', '--facts', file, '--features', 'employees', '--json']));
    expect(report).toMatchObject({ closed: 2_000, features: ['employees'] });
    expect(report.params.features['employees']?.weight).toBeGreaterThan(0.01);
    expect(report.params.features['employees']?.weight).toBeLessThan(0.025);
    expect(report.params.calibration).toBeDefined();
    expect(report.quality.areaUnderCurve).toBeGreaterThan(0.7);
    expect(report.quality.reliability).toHaveLength(10);
  });

  it('does not see what is filled in when a lead closes, and leaves texts out', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(600)]);
    const report = parsed(
      Report,
      await runFit(['logistic', '--facts', file, '--json', '--count', 'forms=form.submitted']),
    );
    expect(report.features).toEqual(['budget', 'employees', 'forms']);
    expect(report.leftOut).toEqual(['industry']);
  });

  it('refuses a feature that is known only afterwards, and one that nobody has', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(600)]);
    const late = await runFit(['logistic', '--facts', file, '--known-after', 'budget']);
    expect(late).toEqual({
      code: 1,
      out: '',
      err: 'regrade: budget is known only after the outcome. Take it out of the features.\n',
    });
    const unknown = await runFit(['logistic', '--facts', file, '--features', 'closingNote'], { language: 'zh' });
    expect(unknown.err).toBe('regrade: 结果出现之前，任何线索都没有 closingNote。可用的数字有：budget, employees。\n');
  });

  it('refuses a feature that tells the outcome by itself', async () => {
    const told = leads(600).map((row, i, rows) =>
      i % 2 === 0 ? [...row.slice(0, 5), rows[i + 1]?.[6] ?? '', ''] : row,
    );
    const file = await writeCsv(temporaryFolder(), [header, ...told]);
    expect(await runFit(['logistic', '--facts', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('budget alone tells won from lost almost perfectly') as string,
    });
  });

  it('tells a manager in words, in both languages, and gives no probability below 200 of either outcome', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(400)]);
    const { out } = await runFit(['logistic', '--facts', file, '--features', 'employees']);
    expect(out).toContain('400 closed leads:');
    expect(out).toMatch(/Of a won and a lost lead, the won one scores higher in \d\d % of cases/);
    expect(out).toContain('fewer than 200 won or lost leads');
    expect(out).not.toContain('Brier');
    const chinese = await runFit(['logistic', '--facts', file, '--features', 'employees'], { language: 'zh' });
    expect(chinese.out).toContain('已关闭线索 400 条');
    expect(chinese.out).toContain('赢单或输单不足 200 条');
  });

  it('refuses too few leads', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(50)]);
    expect(await runFit(['logistic', '--facts', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('closed leads to learn from are too few: at least 100') as string,
    });
  });
});

describe('fit naive-bayes', () => {
  it('counts won and lost by value, and judges by the latest leads', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(1_000)]);
    const ran = await runFit(['naive-bayes', '--facts', file, '--count', 'forms=form.submitted', '--json']);
    const report = parsed(
      z.object({
        won: z.number(),
        lost: z.number(),
        features: z.array(z.string()),
        leftOut: z.array(z.string()),
        params: z.object({
          stages: z.array(z.unknown()),
          variables: z.record(
            z.string(),
            z.object({
              atLeast: z.number(),
              values: z.record(z.string(), z.object({ won: z.number(), lost: z.number() })),
            }),
          ),
        }),
        quality: Quality,
      }),
      ran,
    );
    expect(report).toMatchObject({ features: ['industry'], leftOut: ['budget', 'employees', 'forms'] });
    expect(report.params.stages).toEqual([{ stage: 'any', won: report.won, lost: report.lost }]);
    const { tools, food } = report.params.variables['industry']?.values ?? {};
    expect((tools?.won ?? 0) + (food?.won ?? 0)).toBe(report.won);
    expect((tools?.won ?? 0) / (tools?.lost ?? 0)).toBeGreaterThan(2 * ((food?.won ?? 0) / (food?.lost ?? 0)));
    expect(report.quality.areaUnderCurve).toBeGreaterThan(0.6);
    expect(report.quality.examples).toBeLessThanOrEqual(200);
  });

  it('refuses too few leads in a sentence', async () => {
    const file = await writeCsv(temporaryFolder(), [header, ...leads(20)]);
    expect(await runFit(['naive-bayes', '--facts', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('at least 50 in all and 10 of each are needed') as string,
    });
  });
});
