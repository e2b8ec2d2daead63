import type { Attributes, Fact } from '../domain/fact.ts';
import type { CustomerId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Json } from '../domain/json.ts';

export type RecordContent = { readonly [field: string]: Json };

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

/** What a record's content means for us. */
export type Observed =
  | {
      readonly outcome: 'observed';
      readonly customer: CustomerId;
      /** The CRM's own modification instant. Absent: arrival is the version. */
      readonly source?: Instant;
      readonly attributes: Attributes;
      readonly facts: readonly Fact[];
    }
  /** Understood, and none of ours: an object that is not mapped, a record the filter leaves out, one without a customer. */
  | { readonly outcome: 'rejected'; readonly reason: 'unmapped-object' | 'filtered' | 'no-customer' }
  /** Cannot be understood: goes to the dead-letter topic, with `detail` for the operator. */
  | { readonly outcome: 'unreadable'; readonly reason: string; readonly detail: string };

/** Turns a record's content into our words. Pure. */
export interface RecordMapper {
  observe(object: string, id: string, content: RecordContent): Observed;
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
