import { CohortId } from '#shared/domain/cohort.ts';
import type { CohortHead, NetMove } from '#shared/domain/cohort-head.ts';
import type { CustomerId, TenantId } from '#shared/domain/ids.ts';
import type { KeyRange } from '#shared/domain/key-range.ts';
import { type RankKey, rankKeyOf } from '#shared/domain/rank-key.ts';
import type { CohortStore } from '#shared/ports/cohort-store.ts';
import { customerOf, firstInstant } from './customer-states.ts';

/** One store, empty at first. */
export interface CohortStoreGround {
  readonly store: CohortStore;
  /** The same store as another process or a restart would open it. */
  readonly another: () => Promise<CohortStore>;
  readonly close: () => Promise<void>;
}

export const north = CohortId.parse('abc:3f2a9c01d4e7:wholesale:north');
/** Begins like the other one, and is as long as an id may be. */
export const northward = CohortId.parse(`${north}:${'北'.repeat(400 - north.length - 1)}`);

export const keyOf = (id: string, score: number): RankKey => rankKeyOf([score], customerOf(id));

/** A customer's move to a score, or out of the cohort. */
export const moveOf = (id: string, old: number | null, score: number | null, version: number): NetMove => ({
  customer: customerOf(id),
  old: old === null ? null : keyOf(id, old),
  key: score === null ? null : keyOf(id, score),
  version,
  zone: score === null ? null : 1,
});

export const headOf = (revision: number, changes: Partial<CohortHead> = {}): CohortHead => ({
  cohort: north,
  revision,
  version: revision - 1,
  members: 3,
  worth: '123456789012345678901234567890',
  cuts: [
    { key: null, above: 0, worth: '0' },
    { key: keyOf('a', 5), tied: true, above: 2, worth: '9' },
  ],
  ...changes,
});

export const busyHead = (revision: number): CohortHead =>
  headOf(revision, {
    open: { moves: [moveOf('a', null, -0.5, 3), moveOf('é', 7, null, 4)], at: firstInstant },
    owed: {
      ranges: [
        { after: '', upTo: keyOf('b', 1), displacement: { threshold: 1, from: null, to: 1.5, passed: 7 } },
        { after: keyOf('b', 1), upTo: '~' },
      ],
      customers: [customerOf('é'), customerOf('a b')],
      at: firstInstant,
    },
  });

/** All rows there are, in pages of this size. */
export const allRows = async (
  store: CohortStore,
  tenant: TenantId,
  { limit, ...range }: Omit<KeyRange, 'backwards'>,
  cohort = north,
): Promise<readonly RankKey[]> => {
  const rows: RankKey[] = [];
  for (;;) {
    const after = rows.at(-1) ?? range.after;
    const page = await store.readRows(tenant, cohort, { ...range, ...(after === undefined ? {} : { after }), limit });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
};

export const drop = async (store: CohortStore, tenant: TenantId, cohort: CohortId, limit: number): Promise<number> => {
  for (let calls = 1; ; calls += 1) if (await store.dropCohort(tenant, cohort, limit)) return calls;
};

export const placesOf = async (
  store: CohortStore,
  tenant: TenantId,
  ids: readonly string[],
  cohort = north,
): Promise<readonly (readonly [CustomerId, string | null, number])[]> => {
  const places = await store.findPlaces(tenant, cohort, ids.map(customerOf));
  return [...places].map(([customer, { key, version }]) => [customer, key, version] as const).sort();
};
