import { topics } from '#shared/definitions/topics.ts';
import type { DeadLetters } from '#shared/ports/dead-letters.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { parkOn } from '#shared/usecases/park.ts';
import { type DeadLetterEntry, type DeadLetterFilter, readDead } from '#shared/usecases/read-dead.ts';
import { type ReplayRequest, replayDead } from '#shared/usecases/replay-dead.ts';
import { type HandClock, handClock } from './hand-clock.ts';
import { handStream } from './hand-stream.ts';
import { plantStart, tenant } from './plant.ts';
import { quietLog } from './quiet-log.ts';

const request: ReplayRequest = { rate: 1_000, again: false, force: false, dryRun: false };

export const all = async <T>(things: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const thing of things) found.push(thing);
  return found;
};

/** A stream by hand with its dead letters, and what can be done with them. */
export const deadBench = (clock: HandClock = handClock(plantStart)) => {
  const stream = handStream(clock.businessNow);
  const dead: DeadLetters = {
    read: async function* () {
      yield* [...stream.read(topics.dead)];
    },
  };
  const read = readDead({ dead, hash: hashing.sha256, prefix: '' });
  const pauses: number[] = [];
  let wall = 0;
  const sleep = async (ms: number): Promise<void> => {
    pauses.push(ms);
    wall += ms;
  };
  const replayClock = { businessNow: clock.businessNow, wallNow: () => wall };
  return {
    clock,
    stream,
    pauses,
    wallNow: () => wall,
    parkAs: (stage: string) => parkOn({ stream, stage, log: quietLog(), metrics: noMetrics }),
    list: (filter: DeadLetterFilter = {}): Promise<DeadLetterEntry[]> => all(read(filter)),
    replay: (changes: Partial<ReplayRequest> = {}, filter: DeadLetterFilter = {}, tell?: (sent: number) => void) =>
      replayDead({ tenant, stream, clock: replayClock, sleep })(read(filter), { ...request, ...changes }, tell),
    replayOn: (append: typeof stream.append, changes: Partial<ReplayRequest> = {}) =>
      replayDead({ tenant, stream: { append }, clock: replayClock, sleep })(read({}), { ...request, ...changes }),
  };
};
