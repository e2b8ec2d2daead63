import type { Log } from '../../shared/ports/log.ts';
import { loggedFailure } from '../../shared/runtime/logged-failure.ts';

/** What it is called in the log, and the work. */
export type Step = readonly [name: string, work: () => Promise<unknown>];

/** One after the other. A step that fails is logged; the next one comes all the same, and the next round tries again. */
export const runRound = async (steps: readonly Step[], log: Log): Promise<void> => {
  for (const [step, work] of steps) {
    try {
      await work();
    } catch (error) {
      log.error({ stage: 'keep-time', step, ...loggedFailure(error) }, 'a step of the clock failed');
    }
  }
};
