import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { chooseLanguage } from './choose-language.ts';
import type { CliContext } from './context.ts';

/** The command line on a real terminal. What runs a node or reads its store is loaded only by the commands that need it. */
export const wire = (argv: readonly string[]): CliContext => {
  leaveWhenNobodyReads();
  const language = chooseLanguage(argv, process.env);
  return {
    out: (written) => void process.stdout.write(written),
    err: (written) => void process.stderr.write(written),
    language,
    environment: process.env,
    project: fileURLToPath(new URL('../../', import.meta.url)),
    isTerminal: process.stderr.isTTY,
    openReader: async (loaded, engine) => {
      const { openReader } = await import('../node/open-reader.ts');
      return openReader(loaded, engine);
    },
    openPopulation: async (loaded, engine) => {
      const { openPopulation } = await import('../node/open-population.ts');
      return openPopulation(loaded, engine);
    },
    openDeadDesk: async (loaded, engine) => {
      const { openDeadDesk } = await import('../node/open-dead-desk.ts');
      return openDeadDesk(loaded, engine);
    },
    openEventDesk: async (loaded, engine, way) => {
      const { openEventDesk } = await import('../node/open-event-desk.ts');
      return openEventDesk(loaded, engine, way);
    },
    openPublishing: async (loaded, engine) => {
      const { openPublishing } = await import('../node/open-publishing.ts');
      return openPublishing(loaded, engine);
    },
    startNode: async (loaded) => {
      const { startNode } = await import('../node/start-node.ts');
      return startNode(loaded);
    },
    startWorker: async (loaded, request) => {
      const { startWorker } = await import('../node/start-worker.ts');
      return startWorker(loaded, request);
    },
    setUp: async (loaded, engine) => {
      const { createLogger } = await import('../../shared/runtime/logger.ts');
      const { setUpGround } = await import('../node/set-up-ground.ts');
      return setUpGround(loaded, engine, createLogger('regrade', { level: 'error' }));
    },
    makeTopics: async (loaded, engine) => {
      const { makeTopics } = await import('../node/make-topics.ts');
      return makeTopics(loaded, engine);
    },
    checkUp: async (loaded, engine) => {
      const { checkUp } = await import('../node/checkup/check-up.ts');
      return checkUp(loaded, engine);
    },
    openSecrets: async (region) => {
      const { openSecretsManager } = await import('../node/secrets/secrets-manager.ts');
      return openSecretsManager(region);
    },
    runDemo: async (options) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      const write = (written: string): void => void process.stdout.write(written);
      return runDemo(
        { ...options, language },
        { write, isTerminal: process.stdout.isTTY, environment: process.env, stopRequested },
      );
    },
    readInput: async () => (process.stdin.isTTY ? undefined : text(process.stdin)),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    stopRequested,
  };
};

/** `regrade status | head` closes our output early; that is no failure. */
const leaveWhenNobodyReads = (): void => {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
};

/** The first request to stop lets the work in hand finish; a second one does not wait. */
const stopRequested = (): Promise<void> =>
  new Promise((resolve) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const onSignal = (): void => {
      for (const signal of signals) process.off(signal, onSignal).once(signal, () => process.exit(130));
      resolve();
    };
    for (const signal of signals) process.on(signal, onSignal);
  });
