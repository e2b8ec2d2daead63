import { describe, expect, it } from 'vitest';
import { readInvoices } from '#infra/demo/read-invoices.ts';

describe('readInvoices', () => {
  const invoices = readInvoices();

  it('reads every invoice of the published data set, oldest first', () => {
    const instants = invoices.map(({ at }) => at);
    expect(invoices).toHaveLength(25_900);
    expect(new Set(invoices.map(({ customer }) => customer).filter((customer) => customer !== undefined)).size).toBe(
      4_372,
    );
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    const sum = invoices.reduce((total, { amount }) => total + Math.round(Number(amount) * 1_000), 0);
    expect(sum / 1_000).toBeCloseTo(9_747_747.934, 3);
  });

  it('takes the times as London local time, in winter, in summer and on the day the clock changes', () => {
    const instantOf = (wanted: string): string =>
      new Date(invoices.find(({ number }) => number === wanted)?.at ?? 0).toISOString();
    expect(instantOf('536365')).toBe('2010-12-01T08:26:00.000Z');
    // 10:16 by the clock on the wall, nine hours after it was put forward
    expect(instantOf('547834')).toBe('2011-03-27T09:16:00.000Z');
    expect(instantOf('558638')).toBe('2011-07-01T07:16:00.000Z');
  });
});
