import { limits } from '../../definitions/limits.ts';
import type { Topic } from '../../definitions/topics.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Relay, RelayedBatch } from '../../ports/relay.ts';

interface Waiting extends RelayedBatch {
  readonly claimableAt: Instant;
}

/** A relay that lives as long as the object: for tests, and for trying things out. */
export const memoryRelay = (): Relay => {
  const waiting = new Map<string, Waiting>();
  let puts = 0;
  return {
    put: async (topic, records, wallNow) => {
      if (records.length === 0) return;
      puts += 1;
      const id = String(puts);
      waiting.set(id, { id, topic, records: records.map(({ key, value }) => ({ key, value })), claimableAt: wallNow });
    },
    claim: async (wallNow, limit) => {
      const first = [...waiting.values()].filter(({ claimableAt }) => claimableAt < Number.POSITIVE_INFINITY);
      const taken = first.findIndex(({ claimableAt }) => claimableAt > wallNow);
      const claimed = first.slice(0, taken < 0 ? limit : Math.min(taken, limit));
      for (const batch of claimed) waiting.set(batch.id, { ...batch, claimableAt: wallNow + limits.relayClaimMs });
      return claimed.map(({ id, topic, records }) => ({ id, topic, records }));
    },
    remove: async (ids) => {
      for (const id of ids) waiting.delete(id);
    },
    setAside: async (ids) => {
      for (const id of ids) {
        const batch = waiting.get(id);
        if (batch !== undefined) waiting.set(id, { ...batch, claimableAt: Number.POSITIVE_INFINITY });
      }
    },
    count: async () => {
      const counts = new Map<Topic, number>();
      for (const { topic, records } of waiting.values()) counts.set(topic, (counts.get(topic) ?? 0) + records.length);
      return counts;
    },
  };
};
