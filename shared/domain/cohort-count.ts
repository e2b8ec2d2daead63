import type { CohortSpec } from './cohort.ts';
import { worthOf } from './cohort-amount.ts';
import { type CohortHead, emptyCut, type NetMove } from './cohort-head.ts';
import type { RankKey } from './rank-key.ts';

/** A cut as it stood before a batch, with who is on its inner side after it. */
export interface CountedCut {
  readonly key: RankKey | null;
  readonly above: number;
  readonly worth: bigint;
  /** The member at the cut left its place: it is not known yet who is the last one inside now. */
  readonly gone: boolean;
}

export interface Counted {
  readonly members: number;
  readonly worth: bigint;
  readonly cuts: readonly CountedCut[];
}

/** Members and worth, of the cohort and on the inner side of each cut, after these moves. */
export const countMoves = (head: CohortHead, moves: readonly NetMove[], spec: CohortSpec): Counted => {
  const worths = spec.method === 'share' ? worthOf : () => 0n;
  const steps = moves.flatMap(({ old, key }) => (old === key ? [] : stepsOf(old, key, worths)));
  const members = head.members + steps.reduce((sum, { by }) => sum + by, 0);
  const worth = BigInt(head.worth) + steps.reduce((sum, step) => sum + step.worth, 0n);
  return {
    // a head whose counts are wrong, whatever made them so, must stay readable: an audit puts it right
    members: Math.max(0, members),
    worth: worth < 0n ? 0n : worth,
    cuts: spec.thresholds.map((_, index) => countCut(head.cuts[index] ?? emptyCut, steps)),
  };
};

/** A row that comes (1) or goes (−1), with what that adds to the worth. */
interface Step {
  readonly key: RankKey;
  readonly by: 1 | -1;
  readonly worth: bigint;
}

const stepsOf = (old: RankKey | null, key: RankKey | null, worths: (key: RankKey) => bigint): Step[] => {
  const steps: Step[] = [];
  if (old !== null) steps.push({ key: old, by: -1, worth: -worths(old) });
  if (key !== null) steps.push({ key, by: 1, worth: worths(key) });
  return steps;
};

const countCut = ({ key, above, worth }: CohortHead['cuts'][number], steps: readonly Step[]): CountedCut => {
  const counted = { key, above, worth: BigInt(worth), gone: false };
  if (key === null) return counted;
  for (const step of steps) {
    if (step.key > key) continue;
    counted.above += step.by;
    counted.worth += step.worth;
    // a key holds its customer: only the member at the cut can have gone from there
    if (step.key === key) counted.gone = true;
  }
  return counted;
};
