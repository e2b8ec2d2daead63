import type { RankKey } from './rank-key.ts';

/** Keys in order, or from the end backwards. */
export interface KeyRange {
  /** Left out itself. Absent: from the first. */
  readonly after?: RankKey;
  /** Included. Absent: up to the last. */
  readonly upTo?: RankKey;
  readonly backwards?: boolean;
  readonly limit: number;
}
