import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readFactsFile } from '../../../infra/node/history/read-facts.ts';
import { loadModel } from '../../../infra/node/workspace/load-model.ts';
import type { Fact } from '../../../shared/domain/fact.ts';
import type { CustomerId } from '../../../shared/domain/ids.ts';
import { majorUnits } from '../../../shared/domain/money.ts';
import { compileModel } from '../../../shared/grading/compile-model.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';
import { parsed, runFit, writeCsv } from './run-fit.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/rfm/${name}`, import.meta.url));
const orders = fixture('rfm_data_orders.csv.gz');
const columns = { customer: 'customer_id', at: 'order_date', amount: 'revenue' } as const;
const asOrders = [
  ...['--facts', orders, '--type', 'invoice.paid', '--as-of', '2006-12-31'],
  ...[
    '--columns',
    Object.entries(columns)
      .map((pair) => pair.join('='))
      .join(','),
  ],
];

const Report = z.object({
  customers: z.number(),
  cuts: z.record(z.string(), z.unknown()),
  counts: z.record(z.string(), z.array(z.number())),
});

describe('fit rfm', () => {
  it('cuts the orders of the R package rfm where the package does', async () => {
    const report = parsed(Report, await runFit(['rfm', ...asOrders, '--json']));
    expect(report).toEqual({
      customers: 995,
      cuts: {
        onCut: 'from',
        recencyDays: [115, 181, 297.4, 482],
        frequency: [4, 5, 6, 8],
        monetary: [255.8, 382, 506.4, 666],
      },
      counts: {
        recency: [197, 200, 199, 199, 200],
        frequency: [268, 187, 176, 244, 120],
        monetary: [200, 200, 198, 202, 195],
      },
    });
  });

  it('prints bands that can be pasted, in both languages', async () => {
    const { out } = await runFit(['rfm', ...asOrders]);
    expect(out).toContain('quintiles of 995 customers with a purchase\n');
    expect(out).toContain('bandsBelow: [[115, 1], [181, 0.8], [297.4, 0.6], [482, 0.4]]\n    else: 0.2\n');
    expect(out).toContain('bands: [[8, 1], [6, 0.8], [5, 0.6], [4, 0.4]]\n');
    expect((await runFit(['rfm', ...asOrders], { language: 'zh' })).out).toContain('995 个有购买客户的五分位\n');
  });

  // the table of the package's documentation, 0.3.0: customers, orders and revenue of its ten segments
  it('writes cuts into a model that then puts every customer into its documented segment', async () => {
    const file = join(temporaryFolder(), 'rfm-segments.yaml');
    await copyFile(fixture('rfm-segments.yaml'), file);
    const ran = await runFit(['rfm', ...asOrders, '--model', file, '--write']);
    expect({ code: ran.code, err: ran.err }).toEqual({ code: 0, err: '' });
    expect(ran.out).toContain('-             bands: [[5, 1], [4, 0.8], [3, 0.6], [2, 0.4]]\n');
    expect(ran.out).toContain('+             bands: [[8, 1], [6, 0.8], [5, 0.6], [4, 0.4]]\n');
    expect(await segmentsBy(file)).toEqual({
      AboutToSleep: [102, 283, 23_449],
      AtRisk: [28, 216, 22_227],
      CantLoseThem: [47, 274, 32_446],
      Champions: [35, 316, 31_646],
      Lost: [148, 393, 35_324],
      LoyalCustomers: [170, 799, 76_562],
      NeedAttention: [10, 57, 4_562],
      NewCustomers: [104, 329, 28_837],
      PotentialLoyalist: [342, 2_211, 204_856],
      Promising: [9, 28, 4_249],
    });
  });

  it('changes nothing of the file but the scales', async () => {
    const file = join(temporaryFolder(), 'rfm-segments.yaml');
    await copyFile(fixture('rfm-segments.yaml'), file);
    await runFit(['rfm', ...asOrders, '--model', file, '--write']);
    const [before, after] = await Promise.all(
      [fixture('rfm-segments.yaml'), file].map((each) => readFile(each, 'utf8')),
    );
    const scales = [
      [
        'bandsBelow: [[30, 1], [90, 0.8], [180, 0.6], [365, 0.4]]',
        'bandsBelow: [[115, 1], [181, 0.8], [297.4, 0.6], [482, 0.4]]',
      ],
      ['bands: [[5, 1], [4, 0.8], [3, 0.6], [2, 0.4]]', 'bands: [[8, 1], [6, 0.8], [5, 0.6], [4, 0.4]]'],
      [
        'bands: [[1000, 1], [500, 0.8], [200, 0.6], [100, 0.4]]',
        'bands: [[666, 1], [506.4, 0.8], [382, 0.6], [255.8, 0.4]]',
      ],
    ] as const;
    expect(after).toBe(scales.reduce((text, [from, to]) => text?.replace(from, to), before));
  });

  it('cuts amounts with cents at the quintile itself', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [`c${i}`, 'invoice.paid', '2026-01-01', `${i + 1}.25`]);
    const file = await writeCsv(temporaryFolder(), [['customer', 'type', 'at', 'amount'], ...rows]);
    const { cuts, counts } = parsed(Report, await runFit(['rfm', '--facts', file, '--json']));
    expect(cuts).toMatchObject({ onCut: 'after', monetary: [13.05, 24.85, 36.65, 48.45] });
    expect(counts['monetary']).toEqual([12, 12, 12, 12, 12]);
  });

  it('refuses fewer than 50 customers, and a model that scores something else', async () => {
    const file = await writeCsv(temporaryFolder(), [
      ['customer', 'type', 'at'],
      ['7', 'invoice.paid', '2026-01-01'],
    ]);
    expect(await runFit(['rfm', '--facts', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('1 customers with a purchase are too few for quintiles: at least 50') as string,
    });
    const model = fileURLToPath(new URL('../../fixtures/models/existing-abc.yaml', import.meta.url));
    expect(await runFit(['rfm', '--facts', file, '--model', model])).toMatchObject({
      code: 1,
      err: expect.stringContaining('does not score recency, frequency and monetary value') as string,
    });
  });
});

/** Customers, orders and revenue by the grade that the model of a file gives on the package's analysis date. */
const segmentsBy = async (file: string): Promise<Record<string, number[]>> => {
  const loading = await loadModel(file, 'en');
  if (loading.outcome === 'faulty') throw new Error(JSON.stringify(loading.problems));
  const { model, hash } = loading.model;
  const { timezone, currency, subject } = model;
  const read = await readFactsFile(orders, { columns, type: 'invoice.paid', timezone, currency, subject });
  if (read.outcome === 'faulty') throw new Error(JSON.stringify(read.faults));
  const byCustomer = new Map<CustomerId, Fact[]>();
  for (const { customer, fact } of read.events) byCustomer.set(customer, [...(byCustomer.get(customer) ?? []), fact]);
  const grader = compileModel(model, hash);
  const segments: Record<string, number[]> = {};
  for (const facts of byCustomer.values()) {
    const { effective } = grader.grade({ attributes: {}, facts }, Date.parse('2006-12-31T12:00:00Z'));
    const [customers = 0, count = 0, revenue = 0] = segments[effective ?? 'none'] ?? [];
    const spent = facts.reduce((sum, { amount }) => sum + (amount === undefined ? 0 : majorUnits(amount)), 0);
    segments[effective ?? 'none'] = [customers + 1, count + facts.length, revenue + spent];
  }
  return segments;
};
