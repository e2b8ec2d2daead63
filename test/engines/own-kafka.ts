import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BlackHole, openBlackHole } from '../kit/black-hole.ts';
import { freePort, type RunningEngine } from './child-process.ts';
import { fetchKafka, type KafkaOptions, restartKafka, startKafka } from './kafka-broker.ts';

export interface OwnKafka {
  /** The only way to it, also for those whom it told where it is. */
  readonly way: BlackHole;
  readonly folder: string;
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A broker that a test file has for itself, to do harm to. It has to be closed. */
export const ownKafka = async (
  optionsOf: (folder: string) => Promise<KafkaOptions> = async () => ({}),
): Promise<OwnKafka> => {
  const folder = mkdtempSync(join(tmpdir(), 'regrade-kafka-'));
  const [jars, port] = [await fetchKafka(), await freePort()];
  const way = await openBlackHole(port);
  let running: RunningEngine;
  const clear = async (): Promise<void> => {
    await way.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    running = await startKafka(folder, jars, { port, advertised: way.address, ...(await optionsOf(folder)) });
  } catch (error) {
    await clear();
    throw error;
  }
  return {
    way,
    folder,
    kill: () => running.kill(),
    restart: async () => {
      running = await restartKafka(folder, jars, `127.0.0.1:${port}`);
    },
    close: async () => {
      await running.stop();
      await clear();
    },
  };
};
