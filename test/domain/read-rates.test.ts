import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRate } from '#shared/domain/rates.ts';
import { readRates } from '#shared/domain/read-rates.ts';
import { ratesFile } from '../kit/fixture-rates.ts';

const faultsOf = (csv: string) => {
  const read = readRates(csv);
  return read.ok ? [] : read.faults;
};
const day = '2026-04-08,1.2,161.5';

describe('readRates', () => {
  it('reads columns and days in the layout of the European Central Bank', () => {
    const read = readRates(readFileSync(ratesFile, 'utf8'));
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    expect([...read.table.columns.keys()]).toEqual(['USD', 'JPY', 'GBP', 'CNY', 'KWD', 'RUB']);
    expect(read.table.days).toHaveLength(8);
    expect(read.table.days[0]).toMatchObject({ date: '2026-04-08' });
  });

  it.each([
    ['no comma at the end', `Date,USD,JPY\n${day}`],
    ['lines that end as on Windows', `Date,USD,JPY,\r\n${day},\r\n`],
    ['a byte order mark', `\uFEFFDate,USD,JPY\n${day}\n`],
    ['blanks around the cells and blank lines', `Date, USD, JPY\n\n2026-04-08, 1.2 , 161.5\n \n`],
  ])('reads %s', (_, csv) => {
    const read = readRates(csv);
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    expect(
      findRate({ table: read.table, maxAgeDays: 0 }, { from: 'USD', to: 'JPY', date: '2026-04-08' }),
    ).toMatchObject({ rate: { numerator: 161.5, denominator: 1.2 } });
  });

  it.each([
    ['', { line: 1, column: 1, fault: 'no-header' }],
    ['<html>', { line: 1, column: 1, fault: 'no-header' }],
    ['Date', { line: 1, column: 1, fault: 'no-header' }],
    ['Date,', { line: 1, column: 1, fault: 'no-header' }],
    ['Date,USD\n', { line: 1, column: 1, fault: 'no-days' }],
    ['Date,USD,EUR\n', { line: 1, column: 10, fault: 'euro-column' }],
    ['Date,USD,Yen\n', { line: 1, column: 10, fault: 'bad-currency', found: 'Yen' }],
    ['Date,USD,,JPY\n', { line: 1, column: 10, fault: 'bad-currency', found: '' }],
    ['Date,USD,JPY,USD\n', { line: 1, column: 14, fault: 'repeated-currency', found: 'USD' }],
    [
      `Date,USD,JPY\n${day}\n02 April 2026,1.2,161\n`,
      { line: 3, column: 1, fault: 'bad-date', found: '02 April 2026' },
    ],
    ['Date,USD\n2026-02-29,1.2\n', { line: 2, column: 1, fault: 'bad-date', found: '2026-02-29' }],
    [
      'Date,USD\n2026-04-01,1.2\n\n2026-04-02,1.2\n',
      { line: 4, column: 1, fault: 'not-newest-first', found: '2026-04-02', above: '2026-04-01' },
    ],
    [
      'Date,USD\n2026-04-01,1.2\n2026-04-01,1.3\n',
      { line: 3, column: 1, fault: 'not-newest-first', found: '2026-04-01', above: '2026-04-01' },
    ],
    ['Date,USD,JPY\n2026-04-08,1.2\n', { line: 2, column: 1, fault: 'cell-count', found: 1, expected: 2 }],
    ['Date,USD,JPY\n2026-04-08,1.2,\n', { line: 2, column: 1, fault: 'cell-count', found: 1, expected: 2 }],
    ['Date,USD\n2026-04-08,1.2,3,\n', { line: 2, column: 1, fault: 'cell-count', found: 2, expected: 1 }],
    ['Date,USD,JPY\n2026-04-08,1.2, 1e2\n', { line: 2, column: 17, fault: 'bad-rate', found: '1e2' }],
  ])('tells where %j is wrong', (csv, fault) => {
    expect(faultsOf(csv)).toEqual([fault]);
  });

  it.each(['0', '0.000', '-1.2', '', 'n/a', '1,2', '1.234567890123456', '0.0000001', 'Infinity', '٣'])(
    'takes %j for no rate',
    (cell) => {
      expect(faultsOf(`Date,JPY,USD\n2026-04-08,${cell},1.2\n`)).not.toEqual([]);
    },
  );

  it('tells the faults of all lines, and stops where a whole file is of another kind', () => {
    expect(faultsOf(`Date,USD\n2026-04-08,x\n2026-04-07,1\n2026-04-06,y\n`).map(({ line }) => line)).toEqual([2, 4]);
    expect(faultsOf(`Date,USD\n${'nonsense\n'.repeat(1_000)}`)).toHaveLength(20);
  });

  it('gives every rate back as it was written', () => {
    const digits = fc.tuple(fc.integer({ min: 1, max: 10 ** 15 - 1 }), fc.nat(6));
    fc.assert(
      fc.property(digits, ([units, scale]) => {
        const padded = String(units).padStart(scale + 1, '0');
        const text = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
        const read = readRates(`Date,USD\n2026-04-08,${text}\n`);
        if (!read.ok) throw new Error(text);
        const found = findRate({ table: read.table, maxAgeDays: 0 }, { from: 'EUR', to: 'USD', date: '2026-04-08' });
        if (found.outcome !== 'found') throw new Error(text);
        expect(String(found.rate.numerator)).toBe(scale === 0 ? text : text.replace(/\.?0+$/, ''));
      }),
      { seed: 4 },
    );
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(readRates(text).ok).toBe(false);
        readRates(`Date,USD\n${text}`);
      }),
      { seed: 5 },
    );
  });
});
