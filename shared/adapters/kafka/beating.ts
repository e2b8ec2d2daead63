import type { EachBatchPayload } from 'kafkajs';

const beatMs = 1_000;

/**
 * Runs the work while the group hears from us. Between two batches the client does that itself; work that takes longer than
 * the session would lose its partitions.
 */
export const whileBeating = async <T>({ heartbeat }: EachBatchPayload, work: () => Promise<T>): Promise<T> => {
  const timer = setInterval(() => void heartbeat().catch(leaveItToTheCommit), beatMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};

const leaveItToTheCommit = (): void => {
  // the group is rebalancing, or the coordinator is away: the commit after the work meets the same, and its failure counts
};
