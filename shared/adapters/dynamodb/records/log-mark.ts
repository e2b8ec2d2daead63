import type { Instant } from '../../../domain/instant.ts';

/** Where a record stands in a partition of the log. */
export interface LogPlace {
  readonly offset: number;
  /** Given by the log. */
  readonly appendedAt: Instant;
}

/** Up to where a partition was taken: the last offset, and the latest append instant ever. */
export interface LogMark {
  readonly upTo: number;
  readonly maxAt: Instant;
}

/**
 * A place is taken if neither its offset nor its instant is past the mark. The instant is asked since a log that was
 * created anew begins its offsets again, while its instants go on.
 */
export const isTaken = ({ offset, appendedAt }: LogPlace, mark: LogMark | undefined): boolean =>
  mark !== undefined && offset <= mark.upTo && appendedAt <= mark.maxAt;

/** The mark after these places, none of which was taken. In a log created anew it goes back with the offsets. */
export const markAfter = (mark: LogMark | undefined, taken: readonly LogPlace[]): LogMark => ({
  upTo: Math.max(...taken.map(({ offset }) => offset)),
  maxAt: Math.max(mark?.maxAt ?? Number.NEGATIVE_INFINITY, ...taken.map(({ appendedAt }) => appendedAt)),
});
