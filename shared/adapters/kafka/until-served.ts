import type { Admin } from 'kafkajs';

const mostAttempts = 100;
const pauseMs = 100;

/**
 * Resolves when every partition of a topic answers. A cluster acknowledges a new topic before its brokers serve it; an
 * append in between is refused. Rejects with the last refusal after ten seconds and the time the answers took.
 */
export const untilServed = async (admin: Admin, topic: string): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // asks the leader of each partition, which a look at the metadata would not
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (attempt === mostAttempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
};
