import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRow, csvLine, csvRows } from '#infra/node/history/csv-rows.ts';

const rowsOf = async (...pieces: readonly string[]): Promise<CsvRow[]> => {
  const rows: CsvRow[] = [];
  for await (const row of csvRows(pieces)) rows.push(row);
  return rows;
};

describe('csvRows', () => {
  it('reads cells in quotes, doubled quotes, and lines however they end', async () => {
    expect(await rowsOf('a,b\r\n"1,5","say ""hi"""\n\n"two\r\nlines",\rlast')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1,5', 'say "hi"'] },
      { line: 4, cells: ['two\r\nlines', ''] },
      { line: 6, cells: ['last'] },
    ]);
  });

  it('passes a byte order mark over, and has nothing to say of nothing', async () => {
    expect(await rowsOf('\ufeffa,b')).toEqual([{ line: 1, cells: ['a', 'b'] }]);
    expect(await rowsOf('')).toEqual([]);
    expect(await rowsOf('""')).toEqual([{ line: 1, cells: [''] }]);
  });

  it('names the line of what breaks the form', async () => {
    await expect(rowsOf('a\n"open\nand on')).rejects.toMatchObject({ line: 2, fault: 'open-quote' });
    await expect(rowsOf('a\n"shut"x')).rejects.toMatchObject({ line: 2, fault: 'after-quote' });
  });

  it('gives back what csvLine wrote, however the text is cut to pieces', async () => {
    const anyCell = fc.stringMatching(/^[a,"\r\n 1é语]{0,8}$/u);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyCell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (table, length) => {
          const text = table.map(csvLine).join('');
          const units = Array.from(text);
          const pieces = Array.from({ length: Math.ceil(units.length / length) }, (_, index) =>
            units.slice(index * length, (index + 1) * length).join(''),
          );
          expect((await rowsOf(...pieces)).map(({ cells }) => cells)).toEqual(table);
        },
      ),
    );
  });
});
