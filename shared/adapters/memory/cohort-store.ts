import type { CohortId } from '../../domain/cohort.ts';
import type { CohortHead, NetMove, Place } from '../../domain/cohort-head.ts';
import type { CustomerId, TenantId } from '../../domain/ids.ts';
import { type OrderedKeys, orderedKeys } from '../../domain/ordered-keys.ts';
import type { CohortStore } from '../../ports/cohort-store.ts';

interface Held {
  head: CohortHead | undefined;
  readonly rows: OrderedKeys;
  readonly places: Map<CustomerId, Place>;
}

/** Cohorts that live as long as the object: for tests, for trying things out, and for histories that are played through. */
export const memoryCohortStore = (): CohortStore => {
  const tenants = new Map<TenantId, Map<CohortId, Held>>();
  const cohortsOf = (tenant: TenantId): Map<CohortId, Held> => {
    const known = tenants.get(tenant) ?? new Map<CohortId, Held>();
    tenants.set(tenant, known);
    return known;
  };
  const heldOf = (tenant: TenantId, cohort: CohortId): Held => {
    const cohorts = cohortsOf(tenant);
    const known = cohorts.get(cohort) ?? { head: undefined, rows: orderedKeys(), places: new Map<CustomerId, Place>() };
    cohorts.set(cohort, known);
    return known;
  };
  const find = (tenant: TenantId, cohort: CohortId): Held | undefined => tenants.get(tenant)?.get(cohort);

  return {
    findHeads: async (tenant, cohorts) => {
      const found = new Map<CohortId, CohortHead>();
      for (const cohort of cohorts) {
        const head = find(tenant, cohort)?.head;
        if (head !== undefined) found.set(cohort, head);
      }
      return found;
    },
    putHead: async (tenant, head) => {
      const held = heldOf(tenant, head.cohort);
      if (head.revision !== (held.head?.revision ?? 0) + 1) return false;
      held.head = head;
      return true;
    },
    findPlaces: async (tenant, cohort, customers) => {
      const places = find(tenant, cohort)?.places;
      const found = new Map<CustomerId, Place>();
      for (const customer of customers) {
        const place = places?.get(customer);
        if (place !== undefined) found.set(customer, place);
      }
      return found;
    },
    applyMoves: async (tenant, cohort, moves) => {
      const held = heldOf(tenant, cohort);
      for (const move of moves) apply(held, move);
    },
    readRows: async (tenant, cohort, range) => find(tenant, cohort)?.rows.read(range) ?? [],
    listCohorts: async (tenant, after, limit) => {
      const heads = [...cohortsOf(tenant)].flatMap(([cohort, { head }]) => (head === undefined ? [] : [cohort]));
      const rest = heads.sort().filter((cohort) => after === undefined || cohort > after);
      const cohorts = rest.slice(0, limit);
      return { cohorts, next: rest.length > limit ? cohorts.at(-1) : undefined };
    },
    dropCohort: async (tenant, cohort, limit) => {
      const held = find(tenant, cohort);
      if (held === undefined) return true;
      for (const [customer, { key }] of [...held.places].slice(0, limit)) {
        if (key !== null) held.rows.remove(key);
        held.places.delete(customer);
      }
      if (held.places.size > 0) return false;
      cohortsOf(tenant).delete(cohort);
      return true;
    },
  };
};

const apply = ({ rows, places }: Held, { customer, old, key, version }: NetMove): void => {
  if ((places.get(customer)?.version ?? 0) > version) return;
  if (old !== null && old !== key) rows.remove(old);
  if (key !== null) rows.add(key);
  places.set(customer, { key, version });
};
