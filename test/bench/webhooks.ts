import { createHmac } from 'node:crypto';
import { benchSecret, signatureHeader, webhookPath } from './bench-workspace.ts';
import { seeded } from './grading-model.ts';
import { postOf } from './raw-load.ts';

export interface BenchWebhook {
  /** Whom it is about, as the node names customers. */
  readonly customer: string;
  /** The whole request. */
  readonly request: Buffer;
}

/** Of equal length: the store is filled in the order of its keys, which is fastest. */
export const accountIdOf = (customer: number): string => `acc-${String(customer).padStart(7, '0')}`;
export const customerOf = (customer: number): string => `account:crm:${accountIdOf(customer)}`;

/** Every tenth customer begins with {@link lowAttributes} and is moved between the extremes by its account record. */
export const isMovable = (customer: number): boolean => customer % 10 === 0;

/** 4 of the model's 100 points. From here to the 50 of the other extreme every customer crosses a cut, whatever its facts. */
export const lowAttributes = { employees: 10, industry: 'small', decisionInDays: 200, budget: 0, fit: 0 } as const;
const highAttributes = { employees: 2_000, industry: 'leader', decisionInDays: 10, budget: 900_000, fit: 95 } as const;

/** So many of the webhooks move a customer that with those that cross a cut by an invoice or a call about 5 % are changes. */
const movingShare = 0.005;
const bodyBytes = 1_024;

/**
 * Fat webhooks of 1 KB each, signed, about customers 0 to `customers` - 1: new paid invoices, calls and complaints, and now
 * and then a changed account. The same on every run but for the instants. `make` may be called again and again: no two are equal.
 */
export const webhookSource = (customers: number, seed: number): { make(count: number): readonly BenchWebhook[] } => {
  const random = seeded(seed);
  const isHigh = new Set<number>();
  let serial = 0;
  let moved = 0;

  const recordOf = (now: number): { customer: number; record: Record<string, unknown> } => {
    serial += 1;
    const changedAt = new Date(now).toISOString();
    if (random() < movingShare) {
      // one after the other: a customer is moved again only after all others were
      const customer = (moved * 10) % customers;
      moved += 1;
      const attributes = isHigh.delete(customer) ? lowAttributes : highAttributes;
      if (attributes === highAttributes) isHigh.add(customer);
      return { customer, record: { type: 'account', id: accountIdOf(customer), changedAt, ...attributes } };
    }
    const customer = Math.floor(random() * customers);
    const owned = { id: `r-${seed}-${serial}`, account: accountIdOf(customer), changedAt };
    const at = new Date(now - Math.floor(random() * 86_400_000)).toISOString();
    const kind = random();
    if (kind < 0.2) return { customer, record: { type: 'complaint', ...owned, openedAt: at } };
    return kind < 0.6
      ? { customer, record: { type: 'invoice', ...owned, paidAt: at, amount: Math.floor(random() * 300_000) / 100 } }
      : { customer, record: { type: 'call', ...owned, endedAt: at, minutes: Math.floor(random() * 60) } };
  };

  return {
    make: (count) => {
      const now = Date.now();
      return Array.from({ length: count }, () => {
        const { customer, record } = recordOf(now);
        return { customer: customerOf(customer), request: signedRequest(record) };
      });
    },
  };
};

const signedRequest = (record: Record<string, unknown>): Buffer => {
  const body = filled(record);
  return postOf(webhookPath, body, {
    [signatureHeader]: createHmac('sha256', benchSecret).update(body).digest('hex'),
  });
};

/** The fields of a CRM record that nobody maps. */
const rest = {
  owner: { id: '4150868000000225013', name: 'Li Na', email: 'li.na@sales.example' },
  createdBy: { id: '4150868000000225007', name: 'Zhang Wei' },
  billing: { street: '88 Century Avenue', city: 'Shanghai', code: '200120', country: 'CN' },
  shipping: { street: '12 Jianguo Road', city: 'Beijing', code: '100022', country: 'CN' },
  lines: [1, 2, 3].map((line) => ({ line, sku: `SKU-10${line}`, quantity: line * 4, price: 19.95 * line })),
  tags: ['renewal', 'priority', 'north'],
  description: '',
};

const filled = (record: Record<string, unknown>): string => {
  const bare = JSON.stringify({ ...record, ...rest });
  return bare.replace('"description":""', `"description":"${'x'.repeat(Math.max(0, bodyBytes - bare.length))}"`);
};
