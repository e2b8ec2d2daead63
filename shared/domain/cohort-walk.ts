import type { CohortSpec } from './cohort.ts';
import type { CountedCut } from './cohort-count.ts';
import type { HeadCut } from './cohort-head.ts';
import type { CutRule, Inside } from './cut-rule.ts';
import type { KeyRange } from './key-range.ts';
import { type RankKey, scorePrefix } from './rank-key.ts';

/** Asks for rows, is given them, goes on. So the same steps are taken on a store that answers later and on one that answers now. */
export type Walk<T> = Generator<KeyRange, T, readonly RankKey[]>;

/** A cut where it belongs after a batch. */
export interface WalkedCut extends HeadCut {
  /** How many members it moved over. */
  readonly passed: number;
}

/** Where a walk ended. */
interface Reached extends Inside {
  /** Null: nobody is inside. */
  readonly key: RankKey | null;
  readonly passed: number;
  /** The first one outside; null: there is none; undefined: not looked at. */
  readonly next: RankKey | null | undefined;
}

/** Rows of one request. A cut that a batch moves further is followed page by page. */
const mostRows = 500;

/** Moves a cut from where it stood to where it belongs, over the rows next to it. */
export function* walkCut(counted: CountedCut, rule: CutRule, ties: CohortSpec['ties']): Walk<WalkedCut> {
  const looksBeyond = ties === 'exclude';
  const onwards = rule.hasRoom(counted) ? yield* walkOn(counted, rule, looksBeyond) : stand(counted);
  const isOver = counted.key !== null && (counted.gone || !rule.keeps(counted, counted.key));
  const { next, key, above, worth, passed } = onwards.passed === 0 && isOver ? yield* walkBack(counted, rule) : onwards;
  const cut = { key, above, worth: String(worth), passed };
  if (!looksBeyond || key === null) return cut;
  const outside = next === undefined ? (yield { after: key, limit: 1 })[0] : next;
  return { ...cut, tied: typeof outside === 'string' && scorePrefix(outside) === scorePrefix(key) };
}

const stand = ({ key, above, worth }: CountedCut): Reached => ({ key, above, worth, passed: 0, next: undefined });

/** Takes in the ones behind the cut, also where the member at the cut is gone. */
function* walkOn(counted: CountedCut, rule: CutRule, looksBeyond: boolean): Walk<Reached> {
  let { key, above, worth } = counted;
  let passed = 0;
  let next: RankKey | undefined;
  while (rule.hasRoom({ above, worth })) {
    const limit = Math.min(mostRows, rule.distance({ above, worth }, passed) + (looksBeyond ? 1 : 0));
    const rows = yield { after: key ?? '', limit };
    for (const row of rows) {
      next = row;
      if (!rule.takesIn({ above, worth }, row)) return { key, above, worth, passed, next };
      [key, above, worth, passed, next] = [row, above + 1, worth + rule.worthOf(row), passed + 1, undefined];
    }
    if (rows.length < limit) return { key, above, worth, passed, next: null };
  }
  return { key, above, worth, passed, next };
}

/** Puts out the last ones inside, and finds out who is the last then. */
function* walkBack(counted: CountedCut, rule: CutRule): Walk<Reached> {
  let { above, worth } = counted;
  let passed = 0;
  let next: RankKey | undefined;
  for (;;) {
    const upTo = next ?? counted.key ?? '';
    // one more than go out, and the upper end of a page is the last row of the page before
    const more = next === undefined ? 1 : 2;
    const limit = Math.min(mostRows, rule.distance({ above, worth }, passed) + more);
    const rows = yield { upTo, backwards: true, limit };
    for (const row of rows) {
      if (row === next) continue;
      if (rule.keeps({ above, worth }, row)) return { key: row, above, worth, passed, next };
      [above, worth, passed, next] = [above - 1, worth - rule.worthOf(row), passed + 1, row];
    }
    if (rows.length < limit) return { key: null, above: 0, worth: 0n, passed, next };
  }
}
