import { emptyCuts } from '../domain/cohort.ts';
import { type ComingRanks, type CustomerState, isOutside } from '../domain/customer-state.ts';
import { profileOfCustomer } from '../domain/handed-records.ts';
import type { Instant } from '../domain/instant.ts';
import type { Coming } from './in-force.ts';

/**
 * The state with where the customer stands by the models of an epoch that is being built, as of an instant, and due no later than that
 * changes. They decide nothing: by which cuts their grades would be judged does not matter yet.
 */
export const withComingRanks = (state: CustomerState, { epoch, graders }: Coming, now: Instant): CustomerState => {
  const profile = profileOfCustomer(state);
  const ranks: Record<string, ComingRanks['ranks'][string]> = {};
  const standing = { customer: state.customer, isOutside: isOutside(state), cutsOf: emptyCuts };
  let { due } = state;
  for (const grader of graders) {
    const { rank, next } = grader.grade(profile, now, standing);
    if (rank !== undefined) ranks[grader.model.id] = { cohort: rank.cuts.cohort, key: rank.key };
    if (next !== undefined && (due === undefined || next < due)) due = next;
  }
  return { ...state, coming: { epoch, ranks }, ...(due === undefined ? {} : { due }) };
};

/** The state without ranks of an epoch that is not being built any more. */
export const withoutStaleRanks = (state: CustomerState, coming: Coming | undefined): CustomerState => {
  if (state.coming === undefined || state.coming.epoch === coming?.epoch) return state;
  const { coming: _, ...rest } = state;
  return rest;
};
