import { Worker } from 'node:worker_threads';
import type { Log } from '../../shared/ports/log.ts';

const everyMs = 500;

/** Keeps the write-ahead log of a store short from a thread of its own. */
export const keepCheckpointing = (file: string, log: Log): { stop(): Promise<void> } => {
  const worker = new Worker(new URL('./checkpoint-worker.mjs', import.meta.url), {
    workerData: { file, everyMs },
    execArgv: [],
  });
  worker.on('message', (failure) =>
    log.warn({ failure: String(failure) }, 'a checkpoint failed; the next one tries again'),
  );
  worker.on('error', (error) =>
    log.error({ failure: error.message }, 'checkpoints ended; the writing thread makes them itself'),
  );
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return {
    stop: async () => {
      worker.postMessage('stop');
      await ended;
    },
  };
};
