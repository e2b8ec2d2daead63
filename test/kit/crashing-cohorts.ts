import type { CohortStore } from '#shared/ports/cohort-store.ts';
import type { Stream } from '#shared/ports/stream.ts';

class Crash extends Error {}

export interface Crashing {
  readonly cohorts: CohortStore;
  readonly stream: Stream;
  crashes(): number;
}

/**
 * A store and a stream between, before and within whose writes the process may die, as `chance` has it. What has many parts, as
 * moves and records, may be written in part. `meanwhile` runs ahead of a call now and then.
 */
export const crashingCohorts = (
  { cohorts, stream }: { readonly cohorts: CohortStore; readonly stream: Stream },
  {
    chance,
    random,
    meanwhile,
  }: {
    readonly chance: () => number;
    readonly random: () => number;
    readonly meanwhile: () => Promise<void>;
  },
): Crashing => {
  let crashes = 0;
  const die = (): never => {
    crashes += 1;
    throw new Crash();
  };
  const around = async <T>(call: () => Promise<T>): Promise<T> => {
    await meanwhile();
    if (random() < chance()) die();
    const result = await call();
    if (random() < chance()) die();
    return result;
  };
  /** Only the first few of them are written, and then it dies. */
  const inParts = async <T>(all: readonly T[], write: (part: readonly T[]) => Promise<void>): Promise<void> => {
    if (random() >= chance()) return around(() => write(all));
    await write(all.slice(0, Math.floor(random() * (all.length + 1))));
    die();
  };
  return {
    crashes: () => crashes,
    cohorts: {
      ...cohorts,
      findHeads: (...args) => around(() => cohorts.findHeads(...args)),
      putHead: (...args) => around(() => cohorts.putHead(...args)),
      findPlaces: (...args) => around(() => cohorts.findPlaces(...args)),
      readRows: (...args) => around(() => cohorts.readRows(...args)),
      applyMoves: (tenant, cohort, moves) => inParts(moves, (part) => cohorts.applyMoves(tenant, cohort, part)),
    },
    stream: { ...stream, append: (topic, records) => inParts(records, (part) => stream.append(topic, part)) },
  };
};
