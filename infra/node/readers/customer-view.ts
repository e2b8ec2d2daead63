import type { GradeName } from '../../../shared/domain/change.ts';
import { type CohortCuts, type CohortId, emptyCuts } from '../../../shared/domain/cohort.ts';
import { cutsOfHead } from '../../../shared/domain/cohort-head.ts';
import { type CustomerState, isOutside } from '../../../shared/domain/customer-state.ts';
import { profileOfCustomer } from '../../../shared/domain/handed-records.ts';
import { CustomerId, isOfKind, type TenantId } from '../../../shared/domain/ids.ts';
import type { Instant } from '../../../shared/domain/instant.ts';
import { type LedgerProof, verifyLedger } from '../../../shared/domain/ledger.ts';
import type { Seal } from '../../../shared/domain/merge.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import { decidesAgainBy } from '../../../shared/grading/decides-again.ts';
import { decidingModel } from '../../../shared/grading/deciding-model.ts';
import type { Grader, Standing } from '../../../shared/grading/grader.ts';
import type { ActionStore } from '../../../shared/ports/action-store.ts';
import type { CohortStore } from '../../../shared/ports/cohort-store.ts';
import type { CustomerStore } from '../../../shared/ports/customer-store.ts';
import { hashing } from '../../../shared/runtime/hashing.ts';
import type { CustomerView, FoundCustomer, GradeView, NodeReader } from '../../cli/reader.ts';

export interface CustomerParts {
  readonly tenant: TenantId;
  readonly customers: CustomerStore;
  readonly actions: ActionStore;
  /** Asked only where customers are ranked. */
  readonly findHeads: CohortStore['findHeads'];
  readonly graders: readonly Grader[];
  /** What ledger entries are decided again by. */
  readonly deciders: readonly Grader[];
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
        decidesAgainBy(parts.deciders),
      );
    state = after;
  }
};

const viewOf = async (state: CustomerState, parts: CustomerParts): Promise<CustomerView> => {
  const { graders, businessNow } = parts;
  const profile = profileOfCustomer(state);
  const at = Math.max(businessNow(), state.decidedAt);
  const deciding = decidingModel(graders, state.customer);
  const cuts = await readCuts(state, parts);
  const grades = graders
    // who is part of another customer is graded there
    .filter(({ subject }) => isOfKind(state.customer, subject) && state.merges?.seal === undefined)
    .map((grader) => gradeViewOf(state, profile, grader, { at, cuts, decides: grader === deciding }));
  return { ...foundOf(state.customer, profile), grades, ...setByHand(state, at) };
};

const setByHand = ({ hold, merges }: CustomerState, at: Instant): Pick<CustomerView, 'hold' | 'partOf' | 'parts'> => {
  const holds = hold !== undefined && (hold.until ?? Number.POSITIVE_INFINITY) > at;
  const parts = Object.entries(merges?.members ?? {}).flatMap(([customer, { phase }]) =>
    phase === 'left' ? [] : [CustomerId.parse(customer)],
  );
  return {
    ...(holds ? { hold } : {}),
    ...(merges?.seal === undefined ? {} : { partOf: partOf(merges.seal) }),
    ...(parts.length === 0 ? {} : { parts }),
  };
};

const partOf = ({ into, handedUpTo: _, ...asked }: Seal): NonNullable<CustomerView['partOf']> => ({
  customer: into,
  ...asked,
});

/** Of the cohorts that the customer was judged in, as they are now. */
const readCuts = async (
  { grades }: CustomerState,
  { tenant, findHeads }: CustomerParts,
): Promise<ReadonlyMap<CohortId, CohortCuts>> => {
  const wanted = Object.values(grades).flatMap(({ rank }) => (rank === undefined ? [] : [rank.cohort]));
  if (wanted.length === 0) return new Map();
  const heads = await findHeads(tenant, [...new Set(wanted)]);
  return new Map([...heads].map(([cohort, head]) => [cohort, cutsOfHead(head)]));
};

interface Looking {
  readonly at: Instant;
  readonly cuts: ReadonlyMap<CohortId, CohortCuts>;
  readonly decides: boolean;
}

const gradeViewOf = (
  state: CustomerState,
  profile: Profile,
  grader: Grader,
  { at, cuts, decides }: Looking,
): GradeView => {
  const held = state.grades[grader.model.id];
  const standing: Standing = {
    customer: state.customer,
    held: held?.model === grader.model.hash ? held : held && { grade: held.grade },
    hold: decides ? state.hold : undefined,
    isOutside: isOutside(state),
    cutsOf: (cohort, spec) => cuts.get(cohort) ?? emptyCuts(cohort, spec),
  };
  const graded = grader.grade(profile, at, standing);
  const { contributions, reasons, next } = grader.explain({ profile, now: at, standing, graded });
  const label = grader.grades.find(({ id }) => id === held?.grade)?.label;
  return {
    model: grader.model,
    decides,
    at,
    grade: held?.grade ?? null,
    ...(label === undefined ? {} : { label }),
    since: held?.since ?? state.decidedAt,
    gradeNow: graded.effective,
    score: graded.score,
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
    cuts: grader.cutScores(graded, at),
    contributions,
    ...(reasons === undefined ? {} : { reasons }),
    tags: graded.tags,
    ...nextOf(graded.next, next, graded.effective),
  };
};

/** A timer that leaves the grade as it is is told as well: tags or guards change then. */
const nextOf = (timer: Instant | undefined, next: GradeView['next'], grade: GradeName): Pick<GradeView, 'next'> => {
  if (next !== undefined) return { next };
  return timer === undefined ? {} : { next: { at: timer, to: grade } };
};
