import type { CustomerState } from '#shared/domain/customer-state.ts';
import { ConnectionId, type CustomerId, customerIdOf, TenantId } from '#shared/domain/ids.ts';
import type { LedgerBody, LedgerEntry } from '#shared/domain/ledger.ts';
import { type RecordState, shortKey } from '#shared/domain/profile.ts';

export const acme = TenantId.parse('acme');
export const other = TenantId.parse('other');
export const customerOf = (id: string): CustomerId => customerIdOf('account', ConnectionId.parse('zoho-eu'), id);

export const firstInstant = 1_760_000_000_000;

/** 64 hex digits that differ by what they are made of. */
export const hexOf = (text: string): string => {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
  return hash.toString(16).padStart(8, '0').repeat(8);
};

/** A state as grading would leave it: two records, a grade, a head. Version 1 unless said otherwise. */
export const stateOf = (customer: CustomerId, changes: Partial<CustomerState> = {}): CustomerState => ({
  tenant: acme,
  customer,
  version: 1,
  decidedAt: firstInstant,
  records: new Map([
    [
      shortKey(`zoho-eu/Accounts/${customer}`),
      {
        version: { assignment: 1, source: firstInstant - 5_000, read: firstInstant },
        retracted: false,
        attributes: { name: '上海 GmbH', employees: 120, keyAccount: true },
        facts: [
          {
            type: 'invoice.paid',
            at: firstInstant - 86_400_000,
            amount: { units: 204_276, scale: 2, currency: 'EUR' },
          },
        ],
      },
    ],
    [shortKey('gone'), { version: { assignment: 2, source: 1, read: 2 }, retracted: true, attributes: {}, facts: [] }],
  ]),
  grades: {
    value: { grade: 'B', score: 61.25, tags: { band: 'steady' }, model: hexOf('model'), since: firstInstant - 1_000 },
    reach: { grade: null, score: null, tags: {}, model: hexOf('reach'), since: firstInstant },
  },
  ledgerKey: hexOf(`key of ${customer}`),
  ledger: { seq: 0, hash: '' },
  pending: [],
  ...changes,
});

/** So many records of one fact each, from a number on; the same each time. */
export const recordsOf = (count: number, from = 0): Map<string, RecordState> =>
  new Map(
    Array.from({ length: count }, (_, i) => {
      const number = from + i;
      const at = firstInstant - ((number * 7_919) % 40_000) * 1_000_000;
      return [
        shortKey(`zoho-eu/Invoices/${number}`),
        {
          version: { assignment: 1, source: at + 60_000, read: at + 90_000 },
          retracted: false,
          attributes: {},
          facts: [
            { type: 'invoice.paid', at, amount: { units: (number * 104_729) % 500_000, scale: 2, currency: 'EUR' } },
          ],
        },
      ];
    }),
  );

/** A link after `previous`; `hash` names it. */
export const entryOf = (customer: CustomerId, seq: number, previous: string, hash: string): LedgerEntry => ({
  seq,
  previous,
  digest: hexOf(`digest ${hash}`),
  hash,
  body: bodyOf(customer, seq),
});

const bodyOf = (customer: CustomerId, seq: number): LedgerBody => ({
  customer,
  seq,
  at: firstInstant,
  model: { id: 'value', version: 1, hash: hexOf('model') },
  decides: true,
  from: seq === 1 ? null : 'A',
  to: 'B',
  direction: 'down',
  score: 61.25,
  raw: 'B',
  cuts: { A: 80, B: 60 },
  cause: { type: 'event', event: 'e1', record: 'zoho-eu/Accounts/1', facts: ['invoice.paid'] },
  contributions: [{ factor: 'revenue', points: 61.25, value: 2_042.76 }],
});
