import { describe, expect, it } from 'vitest';
import { readInvoices } from '#infra/demo/read-invoices.ts';
import { readDemoModel, suggestCuts } from '#infra/demo/suggest-cuts.ts';

describe('suggestCuts', () => {
  it('finds the cut-offs that the model of the demo says it took from the data', async () => {
    const grader = await readDemoModel();
    expect(suggestCuts(readInvoices(), grader).rounded).toEqual(grader.cuts);
  });

  it('puts the cut at the score of the last customer inside the share', async () => {
    const grader = await readDemoModel();
    const at = Date.UTC(2011, 1, 20, 12);
    const sale = (customer: string, amount: string) => ({ number: customer, customer, at, country: 'EIRE', amount });
    const first = { ...sale('99', '0'), at: Date.UTC(2010, 11, 1, 12) };
    const end = { ...sale('98', '0'), at: Date.UTC(2011, 2, 1, 12) };
    const sales = Array.from({ length: 10 }, (_, index) => sale(String(index + 1), String((index + 1) * 100)));
    expect(suggestCuts([first, ...sales, end], grader)).toMatchObject({ scores: 10, exact: { A: 900, B: 600 } });
  });
});
