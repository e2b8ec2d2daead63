import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Log } from '../../ports/log.ts';
import type { Consumption } from '../../ports/stream.ts';
import type { Member } from './member.ts';

export interface ConsumptionSettings {
  readonly log: Log;
  /** Hears of an end that is not worth another try. */
  readonly givenUp: (error: PipelineError) => void;
}

const rejoinAfterMs = 1_000;

interface Stopping {
  requested: boolean;
  /** Resolves when it is requested. */
  readonly asked: Promise<undefined>;
}

/**
 * Keeps one member in the group until it is stopped: one that failed or fell silent is replaced, once a second, for as long as
 * it takes. The first one must succeed.
 */
export const consumeTopic = async (
  join: () => Promise<Member>,
  settings: ConsumptionSettings,
): Promise<Consumption> => {
  let ask = (_: undefined): void => undefined;
  const asked = new Promise<undefined>((resolve) => {
    ask = resolve;
  });
  const stopping: Stopping = { requested: false, asked };
  const kept = keepMember(await join(), join, stopping, settings);
  return {
    stop: () => {
      stopping.requested = true;
      ask(undefined);
      return kept;
    },
  };
};

const keepMember = async (
  first: Member,
  join: () => Promise<Member>,
  stopping: Stopping,
  { log, givenUp }: ConsumptionSettings,
): Promise<void> => {
  for (let member: Member | undefined = first; member !== undefined; ) {
    const end = await Promise.race([member.ended, stopping.asked]);
    await member.leave();
    if (end === undefined) return;
    if ('final' in end) {
      givenUp(end.final);
      return;
    }
    log.warn({ error: textOf(end.failed) }, 'a consumer failed: another takes its place');
    const next = await rejoin(join, stopping, log);
    if (next instanceof PipelineError) {
      givenUp(next);
      return;
    }
    member = next;
  }
};

/** The new member; why there will be none; or nothing, when that is no longer wanted. */
const rejoin = async (
  join: () => Promise<Member>,
  stopping: Stopping,
  log: Log,
): Promise<Member | PipelineError | undefined> => {
  for (;;) {
    await Promise.race([pause(rejoinAfterMs), stopping.asked]);
    if (stopping.requested) return undefined;
    try {
      return await join();
    } catch (error) {
      if (error instanceof PipelineError && !error.retryable) return error;
      log.warn({ error: textOf(error) }, 'a consumer could not come back yet');
    }
  }
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
