import type { CustomerState } from '../../../shared/domain/customer-state.ts';
import type { CustomerId, TenantId } from '../../../shared/domain/ids.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import { type LedgerProof, verifyLedger } from '../../../shared/domain/ledger.ts';
import { type Profile, profileOf } from '../../../shared/domain/profile.ts';
import { decidesAgainBy } from '../../../shared/grading/decides-again.ts';
import type { Grader } from '../../../shared/grading/grader.ts';
import type { ActionStore } from '../../../shared/ports/action-store.ts';
import type { CustomerStore } from '../../../shared/ports/customer-store.ts';
import { hashing } from '../../../shared/runtime/hashing.ts';
import type { CustomerView, FoundCustomer, GradeView, NodeReader } from '../../cli/reader.ts';

export interface CustomerParts {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly actions: ActionStore;
  readonly graders: readonly Grader[];
  readonly businessNow: () => Instant;
}

/** What every reader tells of one customer, from the stores' ports alone. */
export const readsOfCustomer = (
  parts: CustomerParts,
): Pick<NodeReader, 'readCustomer' | 'readLedger' | 'readDeliveries' | 'verify'> => ({
  readCustomer: async (customer) => {
    const state = await findState(parts, customer);
    return state === undefined ? undefined : viewOf(state, parts);
  },
  readLedger: (customer) => parts.customers.readLedger(parts.tenant, customer),
  readDeliveries: async (customer, limit) =>
    (await parts.actions.listDeliveries(customer, limit)).map(({ lastError, ...delivery }) => ({
      ...delivery,
      kind: delivery.content.kind,
      ...(lastError === undefined ? {} : { lastError }),
    })),
  verify: (customer) => proofOf(parts, customer),
});

export const findState = async (
  { tenant, customers }: Pick<CustomerParts, 'tenant' | 'customers'>,
  customer: CustomerId,
): Promise<CustomerState | undefined> => (await customers.findAll(tenant, [customer])).get(customer);

export const foundOf = (customer: CustomerId, profile: Profile): FoundCustomer => {
  const name = profile.attributes['name'];
  return { customer, ...(name === undefined ? {} : { name: String(name) }) };
};

/** Looks of one customer that a node changed while it was looked at. */
const mostLooks = 5;

/** State and ledger are read one after the other: where the head moved in between, both are read again. */
const proofOf = async (parts: CustomerParts, customer: CustomerId): Promise<LedgerProof> => {
  let state = await findState(parts, customer);
  for (let look = 1; ; look += 1) {
    const entries = await parts.customers.readLedger(parts.tenant, customer);
    const after = await findState(parts, customer);
    if (after?.ledger.hash === state?.ledger.hash || look === mostLooks)
      return verifyLedger(
        entries,
        after?.ledger ?? { seq: 0, hash: '' },
        after?.ledgerKey,
        hashing,
        decidesAgainBy(parts.graders),
      );
    state = after;
  }
};

const viewOf = (state: CustomerState, { graders, businessNow }: CustomerParts): CustomerView => {
  const profile = profileOf(state.records);
  const at = Math.max(businessNow(), state.decidedAt);
  const grades = graders.map((grader, index) => gradeViewOf(state, profile, grader, { at, decides: index === 0 }));
  return { ...foundOf(state.customer, profile), grades };
};

const gradeViewOf = (
  { grades, decidedAt }: CustomerState,
  profile: Profile,
  grader: Grader,
  { at, decides }: { readonly at: Instant; readonly decides: boolean },
): GradeView => {
  const graded = grader.grade(profile, at);
  const held = grades[grader.model.id];
  const label = grader.grades.find(({ id }) => id === held?.grade)?.label;
  return {
    model: grader.model,
    decides,
    grade: held?.grade ?? null,
    ...(label === undefined ? {} : { label }),
    since: held?.since ?? decidedAt,
    gradeNow: graded.effective,
    score: graded.score,
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
    cuts: grader.cuts,
    contributions: grader.contributions(profile, at),
    tags: graded.tags,
    ...(graded.next === undefined
      ? {}
      : { next: { at: graded.next, to: grader.grade(profile, graded.next).effective } }),
  };
};
