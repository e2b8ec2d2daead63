import type { CohortSpec } from './cohort.ts';
import { type Counted, countMoves } from './cohort-count.ts';
import type { CohortHead, NetMove, OwedReviews } from './cohort-head.ts';
import { displacedRanges, misjudged } from './cohort-reviews.ts';
import { type Walk, type WalkedCut, walkCut } from './cohort-walk.ts';
import { ruleOf } from './cut-rule.ts';
import type { CustomerId } from './ids.ts';
import type { Instant } from './instant.ts';

export type OpenHead = CohortHead & { readonly open: NonNullable<CohortHead['open']> };

/** The head with a batch begun. What was owed has been published. */
export const openBatch = (head: CohortHead, moves: readonly NetMove[], at: Instant): OpenHead => {
  const { owed: _, ...rest } = head;
  return { ...rest, revision: head.revision + 1, open: { moves: [...moves], at } };
};

/** The rest of a batch whose rows are written. */
export interface Closing {
  /** One for each cut; they do not wait for each other. */
  readonly walks: readonly Walk<WalkedCut>[];
  /** The head with the batch applied, owing the reviews that it led to. Takes what the walks came to. */
  readonly close: (cuts: readonly WalkedCut[]) => CohortHead;
}

/** Begun again after a crash it comes to the same: it looks at the head, its open batch, and the rows with that batch applied. */
export const closingOf = (head: OpenHead, spec: CohortSpec): Closing => {
  const counted = countMoves(head, head.open.moves, spec);
  return {
    walks: counted.cuts.map((cut, index) => walkCut(cut, ruleOf(spec, index, counted), spec.ties)),
    close: (cuts) => closed(head, counted, cuts, spec),
  };
};

const closed = (head: OpenHead, counted: Counted, cuts: readonly WalkedCut[], spec: CohortSpec): CohortHead => {
  const { open, owed: _, ...rest } = head;
  const { members } = counted;
  const ranges = displacedRanges(head, { members, cuts }, spec);
  const next = {
    ...rest,
    revision: head.revision + 1,
    version: head.version + 1,
    members,
    worth: String(counted.worth),
    cuts: cuts.map(({ passed: _, ...cut }) => cut),
  };
  return { ...next, ...owing(ranges, misjudged(open.moves, next, ranges, spec), open.at) };
};

const owing = (
  ranges: readonly OwedReviews['ranges'][number][],
  customers: readonly CustomerId[],
  at: Instant,
): Pick<CohortHead, 'owed'> =>
  ranges.length === 0 && customers.length === 0 ? {} : { owed: { ranges: [...ranges], customers: [...customers], at } };
