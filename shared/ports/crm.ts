import type { CustomerId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RecordContent } from '../domain/mapping-outcome.ts';

/** Reads records of one connection back from its CRM. */
export interface CrmReader {
  /** The most ids of one call. */
  readonly batchSize: number;

  /** Milliseconds until the connection's budget allows the next call; 0 when it may go now. */
  waitMs(): number;

  /**
   * The records as they are now. An id that is absent from the answer is gone (deleted, merged away, or hidden from us).
   *
   * @throws {PipelineError} `CRM_THROTTLED`, `CRM_QUOTA_EXHAUSTED`, `CRM_UNAVAILABLE` (retryable, with `retryAfterMs` where known);
   * `CRM_REFUSED` (not retryable: wrong credentials, missing scope, unknown object).
   */
  readAll(object: string, ids: readonly string[]): Promise<ReadonlyMap<string, RecordContent>>;
}

/** Where what we decided goes back into the CRM. */
export interface CrmWriter {
  /**
   * Writes a grade to the customer's record, without starting the CRM's own automation.
   * `unchanged`: it already says so, nothing was written.
   */
  writeGrade(grade: GradeWrite): Promise<WriteResult>;
  /** Creates a task for a person. `key` is unique per task: a repeat finds the first one where the CRM has a unique field for it. */
  createTask(task: TaskWrite): Promise<WriteResult>;
}

export interface GradeWrite {
  readonly customer: CustomerId;
  readonly grade: string;
  readonly score: number | null;
  readonly at: Instant;
}

export interface TaskWrite {
  readonly key: string;
  readonly customer: CustomerId;
  readonly subject: string;
  readonly description: string;
  /** A date, YYYY-MM-DD. */
  readonly due: string;
  readonly owner?: string;
  readonly priority: 'high' | 'normal' | 'low';
}

/**
 * `unknown`: no answer came, it may or may not have happened. `refused`: it never will; `retry`: later it may.
 */
export type WriteResult =
  | { readonly outcome: 'done'; readonly reference?: string }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly afterMs?: number }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'unknown'; readonly reason: string };
