import type { Cause } from '../domain/change.ts';
import type { CohortCuts, CohortId } from '../domain/cohort.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Hashing, LedgerEntry } from '../domain/ledger.ts';
import { applyEvent } from './apply-event.ts';
import { type Decision, decideGrades } from './decide-grades.ts';
import type { Grader } from './grader.ts';
import { tellCohorts } from './tell-cohorts.ts';

export interface Regrading {
  /** The first decides the grade; the others are further dimensions. */
  readonly graders: readonly Grader[];
  readonly hashing: Hashing;
}

/** The newest cuts of a cohort; undefined: they have to be read first. */
export type CutsAtHand = (cohort: CohortId) => CohortCuts | undefined;

/** An event as it came off the topic. */
export interface Arrived {
  readonly event: CustomerEvent;
  /** The idempotency key. */
  readonly id: string;
  /** Its append instant. */
  readonly at: Instant;
  /** When what it tells of reached us. */
  readonly receivedAt?: Instant;
}

export interface Regraded {
  /** Same object as before when nothing was decided: there is nothing to write. */
  readonly state: CustomerState;
  readonly entries: readonly LedgerEntry[];
  /** Cohorts whose cuts were not at hand. Where there are any the rest means nothing: read them and decide again. */
  readonly missing: ReadonlySet<CohortId>;
}

/** A customer that falls due this often between two events has a model whose timers do not move on. */
const mostOverdueTimers = 10_000;

/**
 * The whole step from events to changes for one customer, without a single await. Overdue timers are played first, in
 * order; `now` never runs backwards; a stale event and a review of the past decide nothing. The state comes back with
 * its version raised by one however many events it took, and owes changes to `regrade.changes` and moves to `regrade.cohorts`.
 */
export const regradeCustomer = (
  stored: CustomerState,
  arrived: readonly Arrived[],
  { graders, hashing }: Regrading,
  cuts: CutsAtHand = () => undefined,
): Regraded => {
  const missing = new Set<CohortId>();
  const context: Context = { graders, hashing, cuts, missing };
  const decision: Decision = { state: { ...stored, pending: [] }, entries: [], decided: false };
  for (const one of arrived) regradeOnce(decision, one, context);
  if (!decision.decided || missing.size > 0) return { state: stored, entries: [], missing };
  const next = { ...decision.state, version: stored.version + 1 };
  const moves = tellCohorts(stored, next);
  const state = moves.length === 0 ? next : { ...next, pending: [...next.pending, ...moves] };
  return { state, entries: decision.entries, missing };
};

interface Context extends Regrading {
  readonly cuts: CutsAtHand;
  readonly missing: Set<CohortId>;
}

const regradeOnce = (decision: Decision, { event, id, at, receivedAt }: Arrived, context: Context): void => {
  if (event.kind === 'review.requested') {
    review(decision, event, context);
    return;
  }
  const applied = applyEvent(decision.state, event, id);
  if (applied === undefined) return;
  const now = Math.max(at, decision.state.decidedAt);
  playOverdue(decision, now, context);
  if (staleModel(decision.state, context.graders)) decideGrades(decision, { now, cause: { type: 'model' } }, context);
  decision.state = applied.onto(decision.state);
  decideGrades(decision, { now, cause: applied.cause, receivedAt }, context);
};

/**
 * Time passed, others moved, or another model decides. A review that finds another model than the one that decided is how a new
 * model reaches an idle customer; one that tells of cuts the customer was judged by already decides nothing.
 */
const review = (
  decision: Decision,
  { asOf, cohort }: Extract<CustomerEvent, { kind: 'review.requested' }>,
  context: Context,
): void => {
  playOverdue(decision, asOf, context);
  const now = Math.max(asOf, decision.state.decidedAt);
  if (staleModel(decision.state, context.graders)) {
    decideGrades(decision, { now, cause: { type: 'model' } }, context);
    return;
  }
  if (cohort === undefined || !isNews(decision.state, cohort.cuts)) return;
  const { displacement } = cohort;
  const cause: Cause = {
    type: 'displaced',
    cohort: cohort.cuts.cohort,
    version: cohort.cuts.version,
    ...(displacement === undefined ? {} : { displacement }),
  };
  decideGrades(decision, { now, cause }, context);
};

const isNews = ({ grades }: CustomerState, { cohort, version }: CohortCuts): boolean =>
  Object.values(grades).some(({ rank }) => rank?.cohort === cohort && rank.version < version);

const playOverdue = (decision: Decision, until: Instant, context: Context): void => {
  for (let played = 0; played < mostOverdueTimers; played += 1) {
    const { due } = decision.state;
    if (due === undefined || due > until) return;
    decideGrades(decision, { now: Math.max(due, decision.state.decidedAt), cause: { type: 'timer' } }, context);
  }
};

/** True when a model decided this customer in another version, or, being new, not at all. */
const staleModel = ({ grades, version }: CustomerState, graders: readonly Grader[]): boolean =>
  version > 0 && graders.some(({ model }) => grades[model.id]?.model !== model.hash);
