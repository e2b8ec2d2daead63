import { dirname, resolve } from 'node:path';
import { openEngine } from '../../infra/node/open-engine.ts';
import { type CustomerState, unknownCustomer } from '../../shared/domain/customer-state.ts';
import type { Attributes, Fact } from '../../shared/domain/fact.ts';
import { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import type { Records } from '../../shared/domain/profile.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';

export const tenant = TenantId.parse('default');

export interface StoredCustomer {
  readonly id: string;
  /** What it holds by the model `existing-abc`; absent: it was never decided. */
  readonly grade?: string;
  readonly attributes?: Attributes;
  readonly facts?: readonly Fact[];
  readonly rest?: Partial<CustomerState>;
}

/** A fact of so many days ago. */
export const daysAgo = (days: number, amount: number, type = 'invoice.paid'): Fact => ({
  type,
  at: Date.now() - days * 86_400_000,
  amount: { units: amount, scale: 0, currency: 'GBP' },
});

/** Fills the store of a workspace, each customer with one record of its attributes and one for each fact. */
export const fillStore = async (workspaceFile: string, customers: readonly StoredCustomer[]): Promise<void> => {
  const engine = openEngine({
    folder: resolve(dirname(workspaceFile), '.regrade'),
    tenant,
    clock: systemClock,
    onFatal: (error) => {
      throw error;
    },
  });
  await engine.customers.commitAll(customers.map((one) => ({ next: stateOf(one), entries: [] })));
  engine.close();
};

const stateOf = ({
  id,
  grade,
  attributes = { name: `Customer ${id}` },
  facts = [],
  rest,
}: StoredCustomer): CustomerState => {
  const version = { assignment: 1, source: 1, read: 1 };
  const records: Records = new Map([
    [`a${id}`, { version, retracted: false, attributes, facts: [] }],
    ...facts.map((fact, index) => {
      const record = { version: { ...version, source: 2 + index }, retracted: false, attributes: {}, facts: [fact] };
      return [`f${index}`, record] as const;
    }),
  ]);
  const held = grade === undefined ? {} : { grade, score: 0, tags: {}, model: 'old', since: 1 };
  return {
    ...unknownCustomer(tenant, CustomerId.parse(`account:shop:${id}`), 'f'.repeat(64)),
    ...{ version: 1, decidedAt: 1, records },
    grades: grade === undefined ? {} : ({ 'existing-abc': held } as CustomerState['grades']),
    ...rest,
  };
};
