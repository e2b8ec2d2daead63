import { directionBetween, encodeChangeMessage } from '../domain/action.ts';
import type { Contribution, GradeChange, WeighedContribution } from '../domain/change.ts';
import type { HeldGrade } from '../domain/customer-state.ts';
import { chainEntry, type Hashing, type LedgerBody } from '../domain/ledger.ts';
import type { Profile } from '../domain/profile.ts';
import type { Decision, Occasion } from './decision.ts';
import type { Explained, Graded, Grader, Standing } from './grader.ts';

export interface Finding extends Occasion {
  readonly grader: Grader;
  readonly graded: Graded;
  readonly profile: Profile;
  readonly held: HeldGrade | undefined;
  readonly standing: Standing;
  /** By the model that decides the grade. */
  readonly decides: boolean;
}

/** Writes one change into the ledger and onto what the state owes. */
export const recordChange = (decision: Decision, finding: Finding, hashing: Hashing): void => {
  const { grader, graded, profile, held, now, cause, decides, receivedAt } = finding;
  const { customer, tenant, ledger, ledgerKey } = decision.state;
  const from = held?.grade ?? null;
  const { contributions, reasons, next } = explained(finding);
  const shared = {
    customer,
    seq: ledger.seq + 1,
    at: now,
    model: grader.model,
    decides,
    from,
    to: graded.effective,
    direction: directionBetween(from, graded.effective, grader.grades),
    score: graded.score,
    cause,
    ...(graded.guard === undefined ? {} : { guard: graded.guard }),
  };
  const entry = chainEntry(
    ledger,
    { ...shared, ...wentBy(finding), contributions: contributions.map(plain) },
    ledgerKey,
    hashing,
  );
  const change: GradeChange = {
    ...shared,
    tenant,
    contributions: [...contributions],
    ...(reasons === undefined ? {} : { reasons }),
    ...(receivedAt === undefined ? {} : { receivedAt }),
    tags: { ...graded.tags },
    attributes: profile.attributes,
    ...(next === undefined ? {} : { next }),
  };
  const value = encodeChangeMessage({ kind: 'grade.changed', ...change }, now);
  decision.entries.push(entry);
  decision.state = {
    ...decision.state,
    ledger: { seq: entry.seq, hash: entry.hash },
    pending: [...decision.state.pending, { key: customer, value, at: now }],
  };
};

/** Reasons take longer than all the rest: where a change of model is told nobody they would be for nobody. */
const explained = ({ grader, profile, now, standing, graded, cause }: Finding): Explained =>
  cause.type === 'model' && cause.alerts === 'suppress'
    ? { contributions: grader.contributions(profile, now), reasons: undefined, next: undefined }
    : grader.explain({ profile, now, standing, graded, cause });

const plain = ({ phi: _, ...contribution }: WeighedContribution): Contribution => contribution;

type WentBy = Pick<LedgerBody, 'raw' | 'cuts' | 'zone' | 'rank' | 'segment' | 'waitedSince' | 'hold'>;

/** All that is needed to decide the entry again. */
const wentBy = ({ grader, graded, standing, now }: Finding): WentBy => {
  const { raw, zone, rank, segment, hold } = graded;
  const since = standing.held?.waiting?.since;
  return {
    raw,
    cuts: { ...grader.cutScores(graded, now) },
    ...(graded.score === null ? {} : { zone }),
    ...(rank === undefined ? {} : { rank: { ...rank.cuts, key: rank.key } }),
    ...(segment === undefined ? {} : { segment }),
    ...(since === undefined ? {} : { waitedSince: since }),
    ...(hold === undefined ? {} : { hold }),
  };
};
