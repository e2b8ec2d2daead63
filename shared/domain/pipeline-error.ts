/** Stable names: logs, alarms and tests match on these, never on message text. */
export type FailureCode =
  | 'STREAM_UNAVAILABLE'
  /** More than the stream takes in one record. */
  | 'RECORD_TOO_LARGE'
  | 'STORE_UNAVAILABLE'
  | 'STORE_FULL'
  | 'STORE_CORRUPT'
  | 'STORE_IN_USE'
  | 'CRM_UNAVAILABLE'
  | 'CRM_THROTTLED'
  | 'CRM_QUOTA_EXHAUSTED'
  | 'CRM_REFUSED'
  /** A channel did not bring what it was given. */
  | 'CHANNEL_FAILED'
  | 'CONFIG_INVALID'
  /** Records of a batch have to come again, and only the whole of it can. */
  | 'BATCH_FAILED'
  /** A topic or the table is not there. */
  | 'NOT_SET_UP';

/** A broken world. What the business expects is a returned outcome instead. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: FailureCode;
  /** True when the same input may succeed later. Callers act on this and on nothing else. */
  readonly retryable: boolean;
  /** Where the other side said when to come back: milliseconds from now. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { retryable: boolean; cause?: unknown; retryAfterMs?: number },
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** An unknown failure counts as retryable: a doubled event is dropped later, a lost one is lost. */
export const isRetryable = (error: unknown): boolean => (error instanceof PipelineError ? error.retryable : true);
