import type { Cause } from '../domain/change.ts';
import { type CohortId, type CohortSpec, emptyCuts } from '../domain/cohort.ts';
import type { CustomerState, HeldGrade } from '../domain/customer-state.ts';
import type { Instant } from '../domain/instant.ts';
import type { Hashing, LedgerEntry } from '../domain/ledger.ts';
import { profileOf } from '../domain/profile.ts';
import type { Graded, Grader, Standing } from './grader.ts';
import { recordChange } from './record-change.ts';
import type { CutsAtHand } from './regrade.ts';

/** A customer in the middle of being decided. */
export interface Decision {
  state: CustomerState;
  readonly entries: LedgerEntry[];
  decided: boolean;
}

export interface Occasion {
  readonly now: Instant;
  readonly cause: Cause;
  readonly receivedAt?: Instant | undefined;
}

interface Means {
  readonly graders: readonly Grader[];
  readonly hashing: Hashing;
  readonly cuts: CutsAtHand;
  /** Takes the cohorts whose cuts are not at hand. */
  readonly missing: Set<CohortId>;
}

/** Decides by every model, writes each change into the ledger and onto what the state owes, and sets the next timer. */
export const decideGrades = (
  decision: Decision,
  occasion: Occasion,
  { graders, hashing, cuts, missing }: Means,
): void => {
  const { now } = occasion;
  const profile = profileOf(decision.state.records);
  const grades: Record<string, HeldGrade> = {};
  let due: Instant | undefined;
  const { due: _, ...state } = lapsed(decision.state, now);
  decision.state = state;
  const cutsOf = (cohort: CohortId, spec: CohortSpec) => {
    const known = cuts(cohort);
    if (known === undefined) missing.add(cohort);
    return known ?? emptyCuts(cohort, spec);
  };
  for (const [index, grader] of graders.entries()) {
    const held = state.grades[grader.model.id];
    const decides = index === 0;
    const standing: Standing = {
      customer: state.customer,
      // another version of the model has a stability of its own: what waited by the old one does not count
      held: held?.model === grader.model.hash ? held : held && { grade: held.grade },
      hold: decides ? state.hold : undefined,
      cutsOf,
    };
    const graded = grader.grade(profile, now, standing);
    const changed = (held?.grade ?? null) !== graded.effective;
    grades[grader.model.id] = heldBy(grader, graded, changed || held === undefined ? now : held.since);
    if (changed) recordChange(decision, { ...occasion, grader, graded, profile, held, standing, decides }, hashing);
    if (graded.next !== undefined && (due === undefined || graded.next < due)) due = graded.next;
  }
  decision.state = { ...decision.state, grades, decidedAt: now, ...(due === undefined ? {} : { due }) };
  decision.decided = true;
};

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
