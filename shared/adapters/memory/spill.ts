import { limits } from '../../definitions/limits.ts';
import type { Hint } from '../../domain/hint.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Spill } from '../../ports/spill.ts';

interface Spilled {
  readonly id: string;
  readonly hints: readonly Hint[];
  readonly at: Instant;
  readonly claimableAt: Instant;
}

/** A spill that lives as long as the object: for tests, and for trying things out. */
export const memorySpill = (): Spill => {
  const spilled = new Map<string, Spilled>();
  let puts = 0;
  return {
    put: async (hints, wallNow) => {
      if (hints.length === 0) return;
      puts += 1;
      spilled.set(String(puts), { id: String(puts), hints, at: wallNow, claimableAt: wallNow });
    },
    claim: async (wallNow, limit) => {
      const claimed = [...spilled.values()]
        .filter(({ claimableAt }) => claimableAt <= wallNow)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit);
      for (const each of claimed) spilled.set(each.id, { ...each, claimableAt: wallNow + limits.spillClaimMs });
      return claimed.map(({ id, hints }) => ({ id, hints }));
    },
    remove: async (ids) => {
      for (const id of ids) spilled.delete(id);
    },
    count: async () => {
      const counts = new Map<string, number>();
      for (const { connection } of [...spilled.values()].flatMap(({ hints }) => hints))
        counts.set(connection, (counts.get(connection) ?? 0) + 1);
      return counts;
    },
  };
};
