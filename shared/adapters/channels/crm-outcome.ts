import type { SendResult } from '../../domain/delivery.ts';
import { isRetryable, PipelineError } from '../../domain/pipeline-error.ts';
import type { WriteResult } from '../../ports/crm.ts';

/**
 * What a write to a CRM means for the delivery. A failure thrown on the way (no token, CRM throttled) happened before the
 * write, so it is tried again, or given up where it says so; anything else that is thrown leaves it unknown.
 */
export const sendResultOf = async (write: () => Promise<WriteResult>): Promise<SendResult> => {
  try {
    return fromWrite(await write());
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (!isRetryable(error)) return { outcome: 'refused', reason: error.code };
    return {
      outcome: 'retry',
      reason: error.code,
      ...(error.retryAfterMs === undefined ? {} : { afterMs: error.retryAfterMs }),
    };
  }
};

const fromWrite = (result: WriteResult): SendResult => {
  switch (result.outcome) {
    case 'done':
    case 'unchanged':
      return { outcome: 'delivered' };
    case 'retry':
    case 'refused':
    case 'unknown':
      return result;
  }
};
