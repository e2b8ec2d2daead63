import { PipelineError } from '../../domain/pipeline-error.ts';

export interface CallBudget {
  /** Milliseconds until the next call may go; 0 when it may go now. */
  waitMs(): number;
  /**
   * Resolves when this call may go, in the order of asking.
   *
   * @throws {PipelineError} `CRM_THROTTLED`, retryable, when too many wait already: the caller's own queue is the better place.
   */
  take(): Promise<void>;
}

export interface CallBudgetDeps {
  readonly callsPerSecond: number;
  readonly wallNow: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const longestWaitMs = 10_000;

/** A token bucket: `callsPerSecond` on average, with one second's worth at once after a pause. */
export const callBudget = ({ callsPerSecond, wallNow, sleep }: CallBudgetDeps): CallBudget => {
  const burst = Math.max(1, callsPerSecond);
  let left = burst;
  let countedAt = wallNow();
  const refill = (): void => {
    const now = wallNow();
    left = Math.min(burst, left + (Math.max(0, now - countedAt) * callsPerSecond) / 1_000);
    countedAt = now;
  };
  const msUntil = (tokens: number): number => (tokens <= 0 ? 0 : Math.ceil((tokens / callsPerSecond) * 1_000));
  return {
    waitMs: () => {
      refill();
      return msUntil(1 - left);
    },
    take: async () => {
      refill();
      const waitMs = msUntil(1 - left);
      if (waitMs > longestWaitMs)
        throw new PipelineError('CRM_THROTTLED', 'our own call budget is spent', {
          retryable: true,
          retryAfterMs: waitMs,
        });
      // below zero: whoever asks next waits for this one too
      left -= 1;
      if (waitMs > 0) await sleep(waitMs);
    },
  };
};
