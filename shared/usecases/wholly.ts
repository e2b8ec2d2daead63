import { PipelineError } from '../domain/pipeline-error.ts';
import type { Received, Work } from '../ports/stream.ts';

/** For streams that bring a whole batch again or nothing of it: rejects as soon as one record has to come again. */
export const wholly =
  (work: Work): ((batch: readonly Received[]) => Promise<void>) =>
  async (batch) => {
    const again = await work(batch);
    if (again.length > 0)
      throw new PipelineError('STORE_UNAVAILABLE', `${again.length} records of ${batch.length} have to come again`, {
        retryable: true,
      });
  };
