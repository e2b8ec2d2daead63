import type { Cause } from '../domain/change.ts';
import { type CohortId, type CohortSpec, emptyCuts } from '../domain/cohort.ts';
import { type CustomerState, type HeldGrade, isOutside } from '../domain/customer-state.ts';
import { profileOfCustomer } from '../domain/handed-records.ts';
import type { Instant } from '../domain/instant.ts';
import { decidingModel } from './deciding-model.ts';
import type { Decision, Means, Occasion } from './decision.ts';
import type { Graded, Grader, Standing } from './grader.ts';
import { recordChange } from './record-change.ts';

/**
 * Decides by every model, writes each change into the ledger and onto what the state owes, and sets the next timer. Where other
 * models came into force only those that are new decide: nothing holds their changes back, and what the others say stands.
 */
export const decideGrades = (
  decision: Decision,
  occasion: Occasion,
  { epoch, graders, hashing, cuts, missing }: Means,
): void => {
  const { now, cause } = occasion;
  const profile = profileOfCustomer(decision.state);
  const grades: Record<string, HeldGrade> = {};
  let due: Instant | undefined;
  const { due: before, ...state } = lapsed(decision.state, now);
  decision.state = state;
  const cutsOf = (cohort: CohortId, spec: CohortSpec) => {
    const known = cuts(cohort);
    if (known === undefined) missing.add(cohort);
    return known ?? emptyCuts(cohort, spec);
  };
  const deciding = decidingModel(graders, state.customer);
  for (const grader of graders) {
    const held = state.grades[grader.model.id];
    const decides = grader === deciding;
    const isSame = held?.model === grader.model.hash;
    if (cause.type === 'model' && isSame && isStillRanked(held, grader)) {
      grades[grader.model.id] = held;
      due = earlier(due, before);
      continue;
    }
    const own = cause.type === 'model' && isSame ? onlyTime : cause;
    const standing: Standing = {
      customer: state.customer,
      // another version of the model has a stability of its own: what waited by the old one does not count
      held: isSame ? held : held && { grade: held.grade },
      takesOver: own.type === 'model',
      hold: decides ? state.hold : undefined,
      isOutside: isOutside(state),
      cutsOf,
    };
    const graded = grader.grade(profile, now, standing);
    const changed = (held?.grade ?? null) !== graded.effective;
    grades[grader.model.id] = heldBy(grader, graded, changed || held === undefined ? now : held.since);
    if (changed)
      recordChange(decision, { ...occasion, cause: own, grader, graded, profile, held, standing, decides }, hashing);
    due = earlier(due, graded.next);
  }
  decision.state = { ...decision.state, epoch, grades, decidedAt: now, ...(due === undefined ? {} : { due }) };
  decision.decided = true;
};

/** A version that came back has cohorts of its own: who never left it has to join those. */
const isStillRanked = ({ rank }: HeldGrade, { specOf }: Grader): boolean =>
  rank === undefined || specOf(rank.cohort) !== undefined;

const onlyTime: Cause = { type: 'timer' };

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** A hold that has ended is no longer there. */
const lapsed = (state: CustomerState, now: Instant): CustomerState => {
  const { hold, ...rest } = state;
  return hold?.until !== undefined && hold.until <= now ? rest : state;
};

const heldBy = ({ model }: Grader, graded: Graded, since: Instant): HeldGrade => ({
  grade: graded.effective,
  score: graded.score,
  tags: graded.tags,
  model: model.hash,
  since,
  ...(graded.waiting === undefined ? {} : { waiting: graded.waiting }),
  ...(graded.rank === undefined
    ? {}
    : {
        rank: {
          cohort: graded.rank.cuts.cohort,
          version: graded.rank.cuts.version,
          key: graded.rank.key,
          zone: graded.zone,
        },
      }),
});
