import { encodeChangeMessage } from '../domain/action.ts';
import type { Cause, Direction, GradeChange, GradeName } from '../domain/change.ts';
import type { CustomerState, HeldGrade } from '../domain/customer-state.ts';
import type { CustomerEvent, RecordEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import { chainEntry, type Hashing, type LedgerEntry } from '../domain/ledger.ts';
import { applyToRecords, type Profile, profileOf } from '../domain/profile.ts';
import { recordKeyOf } from '../domain/record.ts';
import type { Graded, Grader } from './grader.ts';

export interface Regrading {
  /** The first decides the grade; the others are further dimensions. */
  readonly graders: readonly Grader[];
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
}

/** A customer that falls due this often between two events has a model whose timers do not move on. */
const mostOverdueTimers = 10_000;

/**
 * The whole step from events to changes for one customer, without a single await. Overdue timers are played first, in
 * order; `now` never runs backwards; a stale event and a review of the past decide nothing. The state comes back with
 * its version raised by one however many events it took, and owes the changes to `regrade.changes`.
 */
export const regradeCustomer = (stored: CustomerState, arrived: readonly Arrived[], regrading: Regrading): Regraded => {
  const decision: Decision = { state: { ...stored, pending: [] }, entries: [], decided: false };
  for (const one of arrived) regradeOnce(decision, one, regrading);
  if (!decision.decided) return { state: stored, entries: [] };
  return { state: { ...decision.state, version: stored.version + 1 }, entries: decision.entries };
};

interface Decision {
  state: CustomerState;
  readonly entries: LedgerEntry[];
  decided: boolean;
}

const regradeOnce = (decision: Decision, arrived: Arrived, regrading: Regrading): void => {
  const { event, id, at, receivedAt } = arrived;
  if (event.kind === 'review.requested') {
    playOverdue(decision, event.asOf, regrading);
    // a review that finds another model than the one that decided is how a new model reaches an idle customer
    if (staleModel(decision.state, regrading.graders))
      decide(decision, Math.max(event.asOf, decision.state.decidedAt), { type: 'model' }, regrading);
    return;
  }
  const applied = applyToRecords(decision.state.records, event);
  if (applied.outcome === 'stale') return;
  const now = Math.max(at, decision.state.decidedAt);
  playOverdue(decision, now, regrading);
  if (staleModel(decision.state, regrading.graders)) decide(decision, now, { type: 'model' }, regrading);
  decision.state = { ...decision.state, records: applied.records };
  decide(decision, now, causeOf(event, id), regrading, receivedAt);
};

const playOverdue = (decision: Decision, until: Instant, regrading: Regrading): void => {
  for (let played = 0; played < mostOverdueTimers; played += 1) {
    const { due } = decision.state;
    if (due === undefined || due > until) return;
    decide(decision, Math.max(due, decision.state.decidedAt), { type: 'timer' }, regrading);
  }
};

/** True when a model decided this customer in another version, or, being new, not at all. */
const staleModel = ({ grades, version }: CustomerState, graders: readonly Grader[]): boolean =>
  version > 0 && graders.some(({ model }) => grades[model.id]?.model !== model.hash);

const causeOf = (event: RecordEvent, id: string): Cause => ({
  type: 'event',
  event: id,
  record: recordKeyOf(event.record),
  facts: event.kind === 'record.asserted' ? [...new Set(event.facts.map((fact) => fact.type))].sort() : [],
});

const decide = (
  decision: Decision,
  now: Instant,
  cause: Cause,
  { graders, hashing }: Regrading,
  receivedAt?: Instant,
): void => {
  const profile = profileOf(decision.state.records);
  const grades: Record<string, HeldGrade> = {};
  let due: Instant | undefined;
  const { due: _, ...state } = decision.state;
  decision.state = state;
  for (const [index, grader] of graders.entries()) {
    const graded = grader.grade(profile, now);
    const held = state.grades[grader.model.id];
    const from = held?.grade ?? null;
    const changed = from !== graded.effective;
    grades[grader.model.id] = {
      grade: graded.effective,
      score: graded.score,
      tags: graded.tags,
      model: grader.model.hash,
      since: changed || held === undefined ? now : held.since,
    };
    if (changed)
      record(decision, { grader, graded, profile, from, now, cause, decides: index === 0, receivedAt }, hashing);
    if (graded.next !== undefined && (due === undefined || graded.next < due)) due = graded.next;
  }
  decision.state = { ...decision.state, grades, decidedAt: now, ...(due === undefined ? {} : { due }) };
  decision.decided = true;
};

interface Finding {
  readonly grader: Grader;
  readonly graded: Graded;
  readonly profile: Profile;
  readonly from: GradeName;
  readonly now: Instant;
  readonly cause: Cause;
  readonly decides: boolean;
  readonly receivedAt: Instant | undefined;
}

/** Writes one change into the ledger and onto what the state owes. */
const record = (decision: Decision, finding: Finding, hashing: Hashing): void => {
  const { grader, graded, profile, from, now, cause, decides, receivedAt } = finding;
  const { customer, tenant, ledger, ledgerKey } = decision.state;
  const shared = {
    customer,
    seq: ledger.seq + 1,
    at: now,
    model: grader.model,
    decides,
    from,
    to: graded.effective,
    direction: directionOf(grader, from, graded.effective),
    score: graded.score,
    cause,
    contributions: [...grader.contributions(profile, now)],
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
  };
  const entry = chainEntry(ledger, { ...shared, raw: graded.raw, cuts: { ...grader.cuts } }, ledgerKey, hashing);
  const change: GradeChange = {
    ...shared,
    tenant,
    ...(receivedAt === undefined ? {} : { receivedAt }),
    tags: { ...graded.tags },
    attributes: profile.attributes,
    ...(graded.next === undefined
      ? {}
      : { next: { at: graded.next, to: grader.grade(profile, graded.next).effective } }),
  };
  const value = encodeChangeMessage({ kind: 'grade.changed', ...change }, now);
  decision.entries.push(entry);
  decision.state = {
    ...decision.state,
    ledger: { seq: entry.seq, hash: entry.hash },
    pending: [...decision.state.pending, { key: customer, value, at: now }],
  };
};

const directionOf = (grader: Grader, from: GradeName, to: GradeName): Direction => {
  if (from === null) return 'initial';
  if (to === null) return 'left';
  const rank = (grade: string): number => grader.grades.findIndex(({ id, ranked }) => ranked && id === grade);
  const [before, after] = [rank(from), rank(to)];
  return before < 0 || after < 0 ? 'sideways' : after < before ? 'up' : 'down';
};
