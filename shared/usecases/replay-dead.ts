import { type Topic, topics } from '../definitions/topics.ts';
import { encodeReplayNote } from '../domain/dead-record.ts';
import type { TenantId } from '../domain/ids.ts';
import { replayLetter, type WhyNot } from '../domain/replay-letter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outgoing, Stream } from '../ports/stream.ts';
import type { DeadLetterEntry } from './read-dead.ts';

export interface ReplayDeps {
  readonly tenant: TenantId;
  readonly stream: Pick<Stream, 'append'>;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

export interface ReplayRequest {
  /** Records a second. */
  readonly rate: number;
  /** Sends what was sent before once more. */
  readonly again: boolean;
  /** Sends what is no JSON object as it is. */
  readonly force: boolean;
  /** The most letters to send. */
  readonly limit?: number;
  /** Counts, and sends nothing. */
  readonly dryRun: boolean;
}

export interface Replayed {
  readonly sent: number;
  /** Left alone since they were sent before. */
  readonly sentBefore: number;
  readonly notReplayable: Readonly<Partial<Record<WhyNot, number>>>;
}

interface Ready {
  readonly id: string;
  readonly topic: Topic;
  readonly record: Outgoing;
}

/** Appends a second: pauses shorter than this are not kept exactly by a timer. */
const appendsPerSecond = 20;

/**
 * Sends letters again, in the order they come, at a pace, and notes each on `regrade.dead` after it is on its topic: a crash in
 * between sends some twice, which every stage drops. `tell` hears how many have been sent.
 *
 * @throws {PipelineError} `STREAM_UNAVAILABLE` or `STORE_UNAVAILABLE`: what was noted until then is sent.
 */
export const replayDead =
  (deps: ReplayDeps) =>
  async (
    letters: AsyncIterable<DeadLetterEntry>,
    request: ReplayRequest,
    tell: (sent: number) => void = () => undefined,
  ): Promise<Replayed> => {
    const { rate, again, force, dryRun, limit = Number.POSITIVE_INFINITY } = request;
    const group = Math.max(1, Math.floor(rate / appendsPerSecond));
    const pace = paceOf(rate, deps);
    const notReplayable: Partial<Record<WhyNot, number>> = {};
    let [sent, sentBefore] = [0, 0];
    let ready: Ready[] = [];
    const send = async (): Promise<void> => {
      if (!dryRun) await pace(ready.length, () => sendAll(ready, deps));
      sent += ready.length;
      ready = [];
      tell(sent);
    };
    for await (const { id, letter, replays } of letters) {
      if (replays > 0 && !again) {
        sentBefore += 1;
        continue;
      }
      const replay = replayLetter(id, letter, { tenant: deps.tenant, force });
      if (!replay.replayable) notReplayable[replay.why] = (notReplayable[replay.why] ?? 0) + 1;
      else ready.push({ id, topic: replay.topic, record: replay.record });
      if (ready.length >= Math.min(group, limit - sent)) await send();
      if (sent >= limit) break;
    }
    if (ready.length > 0) await send();
    return { sent, sentBefore, notReplayable };
  };

/** Runs work no sooner than the records before it allow. */
const paceOf = (rate: number, { clock, sleep }: ReplayDeps) => {
  let next = clock.wallNow();
  return async (records: number, work: () => Promise<void>): Promise<void> => {
    const wait = next - clock.wallNow();
    if (wait > 0) await sleep(wait);
    // what was late is not made up for in a rush
    next = Math.max(next, clock.wallNow()) + (records * 1_000) / rate;
    await work();
  };
};

const sendAll = async (ready: readonly Ready[], { stream, clock }: ReplayDeps): Promise<void> => {
  for (const topic of new Set(ready.map((each) => each.topic)))
    await stream.append(
      topic,
      ready.filter((each) => each.topic === topic).map(({ record }) => record),
    );
  const at = clock.businessNow();
  const notes = ready.map(({ id }) => ({ key: id, value: encodeReplayNote({ of: id, at }) }));
  await stream.append(topics.dead, notes);
};
