import { describe, expect, it } from 'vitest';
import type { NodeReader } from '../../infra/cli/reader.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import type { LedgerProof } from '../../shared/domain/ledger.ts';
import { jsonOf, lookInto } from './look-into.ts';

const acme = CustomerId.parse('account:shop:42');

describe('verify', () => {
  const sound: LedgerProof = { entries: 2, erased: 0, undecided: 0, faults: [] };
  const many = Array.from({ length: 1_001 }, (_, index) =>
    CustomerId.parse(`account:shop:${String(index).padStart(4, '0')}`),
  );
  const paged: Partial<NodeReader> = {
    listCustomers: async (after = '0', limit) => {
      const end = Number(after) + limit;
      return { customers: many.slice(Number(after), end), next: end < many.length ? String(end) : undefined };
    },
  };

  it('checks every customer once', async () => {
    const checked: CustomerId[] = [];
    const verify = async (customer: CustomerId): Promise<LedgerProof> => {
      checked.push(customer);
      return sound;
    };
    const { code, out, err } = await lookInto({ ...paged, verify }, ['verify']);
    expect(checked).toEqual(many);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      'Checked 2002 ledger entries of 1001 customers.\nEvery chain is whole, and every grade is what score and cut-offs say.\n',
    );
  });

  it('lists faults by customer and entry, and ends with 1', async () => {
    const verify = async (customer: CustomerId): Promise<LedgerProof> =>
      customer === many[7]
        ? { entries: 2, erased: 1, undecided: 0, faults: [{ seq: 2, fault: 'wrong-grade' }] }
        : sound;
    const { code, out } = await lookInto({ ...paged, verify }, ['verify']);
    expect(code).toBe(1);
    expect(out).toContain('(1 erased: chained, not decided again)');
    expect(out).toMatch(
      /1 fault:\n.*\n {2}account:shop:0007 +2 {2}the grade does not follow from score and cut-offs\n/,
    );
  });

  it('checks the one customer that is asked for', async () => {
    const { code, out } = await lookInto(
      {
        findCustomers: async () => ({ found: [{ customer: acme }], complete: true }),
        verify: async () => ({ entries: 2, erased: 0, undecided: 0, faults: [{ seq: 2, fault: 'broken-chain' }] }),
      },
      ['verify', '42', '--json'],
    );
    expect(code).toBe(1);
    expect(jsonOf(out)).toEqual({
      customers: 1,
      entries: 2,
      erased: 0,
      undecided: 0,
      faults: [{ customer: acme, seq: 2, fault: 'broken-chain' }],
    });
  });
});
