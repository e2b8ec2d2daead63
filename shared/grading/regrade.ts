import type { Cause } from '../domain/change.ts';
import type { CohortCuts, CohortId } from '../domain/cohort.ts';
import type { CustomerState } from '../domain/customer-state.ts';
import type { CustomerEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Hashing, LedgerEntry } from '../domain/ledger.ts';
import { applyEvent } from './apply-event.ts';
import { withComingRanks, withoutStaleRanks } from './coming-ranks.ts';
import { decideGrades } from './decide-grades.ts';
import type { CutsAtHand, Decision, Means } from './decision.ts';
import { type InForce, specsInForce } from './in-force.ts';
import { tellCohorts } from './tell-cohorts.ts';

export interface Regrading extends InForce {
  readonly hashing: Hashing;
}

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
  /** The customer, or an event, knows of a newer epoch. The rest means nothing: read what is in force and decide again. */
  readonly outdated: boolean;
  /** What was asked for and is not done. */
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly arrived: Arrived;
  /** A sentence for the person who asked. */
  readonly detail: string;
}

/** A customer that falls due this often between two events has a model whose timers do not move on. */
const mostOverdueTimers = 10_000;

/**
 * The whole step from events to changes for one customer, without a single await. Overdue timers are played first, in
 * order; `now` never runs backwards; a stale event and a review of the past decide nothing. The first decision after other models
 * came into force is theirs alone. The state comes back with its version raised by one however many events it took, and owes
 * changes to `regrade.changes` and moves to `regrade.cohorts`.
 */
export const regradeCustomer = (
  stored: CustomerState,
  arrived: readonly Arrived[],
  regrading: Regrading,
  cuts: CutsAtHand = () => undefined,
): Regraded => {
  const missing = new Set<CohortId>();
  const refused: Refusal[] = [];
  const nothing = { state: stored, entries: [], missing, refused };
  if (isOutdated(stored, arrived, regrading)) return { ...nothing, outdated: true };
  const context: Context = { ...regrading, cuts, missing, refused };
  const decision: Decision = { state: { ...stored, pending: [] }, entries: [], decided: false };
  for (const one of arrived) regradeOnce(decision, one, context);
  const { coming } = regrading;
  const asked = coming === undefined ? undefined : newestAsking(decision.state, arrived, coming.epoch);
  if ((!decision.decided && asked === undefined) || missing.size > 0) return { ...nothing, outdated: false };
  const now = Math.max(decision.state.decidedAt, asked ?? 0);
  const known = withoutStaleRanks(decision.state, coming);
  const built = coming === undefined ? known : withComingRanks(known, coming, now);
  const next = { ...built, version: stored.version + 1 };
  const moves = tellCohorts(stored, next, { at: now, specOf: specsInForce(regrading) });
  const state = moves.length === 0 ? next : { ...next, pending: [...next.pending, ...moves] };
  return { state, entries: decision.entries, missing, refused, outdated: false };
};

interface Context extends Regrading {
  readonly cuts: CutsAtHand;
  readonly missing: Set<CohortId>;
  readonly refused: Refusal[];
}

/** A state never goes back to an older epoch, and who is asked on behalf of one has to know it. */
const isOutdated = (
  { epoch = 0, coming }: CustomerState,
  arrived: readonly Arrived[],
  inForce: Pick<InForce, 'epoch' | 'newest'>,
): boolean =>
  epoch > inForce.epoch ||
  (coming?.epoch ?? 0) > inForce.newest ||
  arrived.some(
    ({ event }) =>
      event.kind === 'review.requested' &&
      ((event.epoch ?? 0) > inForce.epoch || (event.building ?? 0) > inForce.newest),
  );

/** As of when the newest of these reviews asks for the ranks of the epoch that is being built, where they are not known yet. */
const newestAsking = (state: CustomerState, arrived: readonly Arrived[], building: number): Instant | undefined => {
  if (state.version === 0 || state.coming?.epoch === building) return undefined;
  const asking = arrived.flatMap(({ event }) =>
    event.kind === 'review.requested' && event.building === building ? [event.asOf] : [],
  );
  return asking.length === 0 ? undefined : Math.max(...asking);
};

const regradeOnce = (decision: Decision, arrived: Arrived, context: Context): void => {
  const { event, id, at, receivedAt } = arrived;
  if (event.kind === 'review.requested') {
    // one that asks for ranks alone leaves the grade to those who decide it
    if (event.building === undefined) review(decision, event, context);
    return;
  }
  const applied = applyEvent(decision.state, event, id);
  if (applied === undefined) return;
  if (applied.refused !== undefined) {
    context.refused.push({ arrived, detail: applied.refused });
    // nobody is made up only to remember what was refused
    if (decision.state.version === 0) return;
  }
  const now = Math.max(at, decision.state.decidedAt);
  takeOver(decision, now, context);
  playOverdue(decision, now, context);
  decision.state = applied.onto(decision.state, now);
  if (applied.decides) decideGrades(decision, { now, cause: applied.cause, receivedAt }, context);
  else {
    decision.state = { ...decision.state, decidedAt: now };
    decision.decided = true;
  }
};

/**
 * Time passed, others moved, or other models grade: so that those reach an idle customer, too. One that tells of cuts the customer
 * was judged by already decides nothing.
 */
const review = (
  decision: Decision,
  { asOf, cohort }: Extract<CustomerEvent, { kind: 'review.requested' }>,
  context: Context,
): void => {
  takeOver(decision, Math.max(asOf, decision.state.decidedAt), context);
  playOverdue(decision, asOf, context);
  if (cohort === undefined || !isNews(decision.state, cohort.cuts)) return;
  const { displacement } = cohort;
  const cause: Cause = {
    type: 'displaced',
    cohort: cohort.cuts.cohort,
    version: cohort.cuts.version,
    ...(displacement === undefined ? {} : { displacement }),
  };
  decideGrades(decision, { now: Math.max(asOf, decision.state.decidedAt), cause }, context);
};

/**
 * What models that are new make of a customer as it stands, before anything else is decided: a change of model is never mixed with
 * what happened to the customer.
 */
const takeOver = (decision: Decision, now: Instant, context: Context): void => {
  const { grades, epoch = 0 } = decision.state;
  // whom no model has decided yet was only told of records that do not count yet
  if (Object.keys(grades).length > 0 && epoch < context.epoch)
    decideGrades(decision, { now, cause: context.cause }, context);
};

const isNews = ({ grades }: CustomerState, { cohort, version }: CohortCuts): boolean =>
  Object.values(grades).some(({ rank }) => rank?.cohort === cohort && rank.version < version);

const playOverdue = (decision: Decision, until: Instant, context: Means): void => {
  for (let played = 0; played < mostOverdueTimers; played += 1) {
    const { due } = decision.state;
    if (due === undefined || due > until) return;
    decideGrades(decision, { now: Math.max(due, decision.state.decidedAt), cause: { type: 'timer' } }, context);
  }
};
