import { describe, expect, it } from 'vitest';
import { findRate } from '#shared/domain/rates.ts';
import { fixtureRates, ratesOf } from '../kit/fixture-rates.ts';

const rates = fixtureRates();
const find = (from: string, to: string, date: string, maxAgeDays = 7) =>
  findRate({ table: rates.table, maxAgeDays }, { from, to, date });

describe('findRate', () => {
  it('gives both sides per euro, as published that day', () => {
    expect(find('USD', 'GBP', '2026-04-07')).toEqual({
      outcome: 'found',
      rate: { numerator: 0.841, denominator: 1.1956 },
      date: '2026-04-07',
    });
  });

  it('takes one for the euro on either side', () => {
    expect(find('EUR', 'GBP', '2026-04-07')).toMatchObject({ rate: { numerator: 0.841, denominator: 1 } });
    expect(find('USD', 'EUR', '2026-04-07')).toMatchObject({ rate: { numerator: 1, denominator: 1.1956 } });
  });

  it.each([
    ['2026-04-06', '2026-04-02'],
    ['2026-04-03', '2026-04-02'],
    ['2026-03-29', '2026-03-27'],
    ['2026-04-15', '2026-04-08'],
  ])('takes for %s the last one published before: %s', (date, published) => {
    expect(find('USD', 'GBP', date)).toMatchObject({ outcome: 'found', date: published });
  });

  it('never takes one of a later day', () => {
    expect(find('USD', 'GBP', '2022-02-28', 366)).toEqual({ outcome: 'no-rate' });
  });

  it('goes back as many days as it may and no further', () => {
    expect(find('USD', 'GBP', '2026-04-16')).toEqual({ outcome: 'no-rate' });
    expect(find('USD', 'GBP', '2026-04-16', 8)).toMatchObject({ date: '2026-04-08' });
    expect(find('USD', 'GBP', '2026-04-08', 0)).toMatchObject({ date: '2026-04-08' });
    expect(find('USD', 'GBP', '2026-04-09', 0)).toEqual({ outcome: 'no-rate' });
  });

  it('takes both sides of a cross rate from a day on which both were published', () => {
    expect(find('CNY', 'USD', '2026-04-01')).toEqual({
      outcome: 'found',
      rate: { numerator: 1.1902, denominator: 8.1903 },
      date: '2026-03-31',
    });
    expect(find('USD', 'CNY', '2026-04-01')).toMatchObject({ date: '2026-03-31' });
    expect(find('CNY', 'USD', '2026-04-01', 0)).toEqual({ outcome: 'no-rate' });
  });

  it('finds no rate of a currency that is published no more', () => {
    expect(find('RUB', 'GBP', '2022-03-04')).toMatchObject({ date: '2022-03-01' });
    expect(find('RUB', 'GBP', '2026-04-07')).toEqual({ outcome: 'no-rate' });
  });

  it('says which currency has no column', () => {
    expect(find('XYZ', 'GBP', '2026-04-07')).toEqual({ outcome: 'no-column', currency: 'XYZ' });
    expect(find('GBP', 'XYZ', '2026-04-07')).toEqual({ outcome: 'no-column', currency: 'XYZ' });
  });

  it.each(['0050-01-01', '9999-12-31', '+010000-01-01', '-000001-12-31'])('finds nothing for %s', (date) => {
    expect(find('USD', 'GBP', date)).toEqual({ outcome: 'no-rate' });
  });

  it('finds every day of a long file', () => {
    const days = Array.from({ length: 2_000 }, (_, i) => new Date(Date.UTC(2024, 0, 1) - i * 86_400_000));
    const dates = days.map((day) => day.toISOString().slice(0, 10));
    const { table } = ratesOf(`Date,USD\n${dates.map((date, i) => `${date},${i + 1}`).join('\n')}\n`);
    for (const [i, date] of dates.entries())
      expect(findRate({ table, maxAgeDays: 0 }, { from: 'EUR', to: 'USD', date })).toMatchObject({
        rate: { numerator: i + 1 },
      });
  });
});
