import { describe, expect, it } from 'vitest';
import { printTable } from '../../infra/cli/print-table.ts';

describe('printTable', () => {
  it('lines up columns, also where characters are two cells wide', () => {
    expect(
      printTable(
        [{ title: '客户' }, { title: 'n', align: 'right' }],
        [
          ['北京', '1'],
          ['ab', '1,000'],
        ],
      ),
    ).toBe('  客户      n\n  北京      1\n  ab    1,000\n');
  });

  it('lets no control character of a name reach the terminal', () => {
    expect(printTable([{ title: 'x' }], [['a\u001b[2J\r\nb\u202ec\u0085']])).toBe('  x\n  a [2J b c\n');
  });
});
