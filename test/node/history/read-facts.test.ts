import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { FactsFormat } from '#infra/node/history/facts-columns.ts';
import { readFacts, readFactsFile } from '#infra/node/history/read-facts.ts';
import { temporaryFolder } from '../workspace/temporary-workspace.ts';

const format: FactsFormat = { columns: {}, currency: 'CNY', timezone: 'Asia/Shanghai', subject: 'account' };
const instant = (text: string): number => Date.parse(text);

const faultsOf = async (text: string, changes: Partial<FactsFormat> = {}) => {
  const read = await readFacts([text], { ...format, ...changes });
  return read.outcome === 'faulty' ? read.faults : [];
};

describe('readFacts', () => {
  it('reads facts in the order of their instants, further columns as fields, and what they say of the customer', async () => {
    const read = await readFacts(
      [
        'customer,type,at,amount,currency,orderId,items,gift,attributes.region\n',
        '42,invoice.paid,2026-03-02T10:00:00Z,12.50,CNY,00123,3,true,north\n',
        'lead:zoho:7,meeting.held,2026-03-02 09:00,,,,,,\n',
      ],
      format,
    );
    expect(read).toEqual({
      outcome: 'read',
      withoutCustomer: 0,
      events: [
        { customer: 'lead:zoho:7', fact: { type: 'meeting.held', at: instant('2026-03-02T09:00:00+08:00') } },
        {
          customer: 'account:csv:42',
          fact: {
            type: 'invoice.paid',
            at: instant('2026-03-02T10:00:00Z'),
            amount: { units: 125, scale: 1, currency: 'CNY' },
            fields: { orderId: '00123', items: 3, gift: true },
          },
          attributes: { region: 'north' },
        },
      ],
    });
  });

  it('takes other names of columns, one type for all, and leaves rows without a customer out', async () => {
    const read = await readFacts(['id,day,net\n1,2026-03-02,5\n,2026-03-03,7\n'], {
      ...format,
      columns: { customer: 'id', at: 'day', amount: 'net' },
      type: 'invoice.paid',
    });
    expect(read).toMatchObject({
      withoutCustomer: 1,
      events: [{ customer: 'account:csv:1', fact: { at: instant('2026-03-02T00:00:00+08:00'), amount: { units: 5 } } }],
    });
  });

  it('keeps the order of the file among facts of one instant', async () => {
    const line = (customer: number): string => `${customer},invoice.paid,2026-03-02,1\n`;
    const read = await readFacts(['customer,type,at,amount\n', ...[3, 1, 2].map(line)], format);
    expect(read.outcome === 'read' && read.events.map(({ customer }) => customer)).toEqual([
      'account:csv:3',
      'account:csv:1',
      'account:csv:2',
    ]);
  });

  it('names line, column and what stands there', async () => {
    const head = 'customer,type,at,amount,currency\n';
    const good = 'a,invoice.paid,2026-03-02,1,CNY';
    expect(
      await faultsOf(
        `${head}${good}\na,paid,2026-03-02,1,CNY\na,invoice.paid,yesterday,1,CNY\na,invoice.paid,2026-03-02,"1,000",CNY\n` +
          `a,invoice.paid,2026-03-02,1,EUR\n${good},more\n${'x'.repeat(181)},invoice.paid,2026-03-02,1,CNY\n`,
      ),
    ).toEqual([
      { line: 3, fault: 'type', column: 'type', value: 'paid' },
      { line: 4, fault: 'at', column: 'at', value: 'yesterday' },
      { line: 5, fault: 'amount', column: 'amount', value: '1,000' },
      { line: 6, fault: 'currency', column: 'currency', value: 'EUR' },
      { line: 7, fault: 'cells', value: '6 ≠ 5' },
      { line: 8, fault: 'customer', column: 'customer', value: 'x'.repeat(181) },
    ]);
  });

  it('says what is wrong with the file as a whole', async () => {
    expect(await faultsOf('')).toEqual([{ line: 1, fault: 'empty' }]);
    expect(await faultsOf('customer,at\n')).toEqual([{ line: 1, fault: 'no-column', value: 'type' }]);
    expect(await faultsOf('customer,type,at\n', { columns: { amount: 'net' } })).toEqual([
      { line: 1, fault: 'no-column', value: 'net' },
    ]);
    expect(await faultsOf('customer,type,at\n"a,b\n')).toEqual([{ line: 2, fault: 'open-quote' }]);
    const many = await faultsOf(`customer,type,at\n${'a,b,c\n'.repeat(50)}`);
    expect(many).toHaveLength(20);
  });

  it('reads files, packed or not, and refuses what is no text', async () => {
    const folder = await temporaryFolder();
    const text = 'customer,type,at\n1,meeting.held,2026-03-02\n';
    await writeFile(join(folder, 'a.csv'), text);
    await writeFile(join(folder, 'a.csv.gz'), gzipSync(text));
    await writeFile(join(folder, 'b.csv'), Buffer.concat([Buffer.from(text), Buffer.from([0xff, 0xe8])]));
    for (const name of ['a.csv', 'a.csv.gz'])
      expect(await readFactsFile(join(folder, name), format)).toMatchObject({ outcome: 'read', events: [{}] });
    expect(await readFactsFile(join(folder, 'b.csv'), format)).toEqual({
      outcome: 'faulty',
      faults: [{ line: 1, fault: 'not-text' }],
    });
    await expect(readFactsFile(join(folder, 'c.csv'), format)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(readFactsFile(join(folder, 'c.csv.gz'), format)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
