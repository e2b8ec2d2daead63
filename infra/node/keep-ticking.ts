import type { Log } from '../../shared/ports/log.ts';

export interface Ticking {
  /** Ends after the turn in hand. */
  stop(): Promise<void>;
}

/**
 * Does work again and again, `everyMs` after the last turn ended, at once while a turn says there is more. A turn that
 * fails is logged and the next one comes all the same.
 */
export const keepTicking = (name: string, everyMs: number, work: () => Promise<boolean>, log: Log): Ticking => {
  let stopping = false;
  let wake: () => void = () => undefined;
  const sleep = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, everyMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const turn = async (): Promise<boolean> => {
    try {
      return await work();
    } catch (error) {
      log.error(
        { work: name, failure: error instanceof Error ? error.message : 'unknown' },
        'a turn of the clock failed',
      );
      return false;
    }
  };
  const hasEnded = (): boolean => stopping;
  const run = async (): Promise<void> => {
    while (!hasEnded()) {
      const more = await turn();
      // requests and the other readers of the loop go in between two turns, however much is left to do
      await new Promise((resolve) => setImmediate(resolve));
      if (!more && !hasEnded()) await sleep();
    }
  };
  const done = run();
  return {
    stop: async () => {
      stopping = true;
      wake();
      await done;
    },
  };
};
