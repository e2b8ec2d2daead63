import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBenchWorkspace, writeBenchWorkspace } from './bench-workspace.ts';
import { type Children, createChildren } from './children.ts';
import { preload } from './preload.ts';

export interface Sizes {
  readonly customers: number;
  /** Turns that the contestants take. */
  readonly rounds: number;
  /** Webhooks that a node is sent in one turn, unless the seconds are over first. */
  readonly webhooks: number;
  /** Seconds of one turn at the most, without the work that is left at its end. */
  readonly turnSeconds: number;
  /** Seconds of a turn of what does not keep anything. */
  readonly bareSeconds: number;
  /** Seconds at a steady pace. */
  readonly pacedSeconds: number;
  /** Webhooks before the memory is looked at. */
  readonly memoryWebhooks: number;
  /** Customers that are graded again and again, and milliseconds of processor time per way of grading. */
  readonly grading: { readonly customers: number; readonly ms: number };
  /** Customers of the stores on which a model is simulated. */
  readonly simulated: readonly number[];
  /** Members of the cohorts that are ranked, and moves in each. */
  readonly cohorts: { readonly members: readonly number[]; readonly moves: number };
}

export const fullSizes: Sizes = {
  customers: 100_000,
  rounds: 5,
  webhooks: 20_000,
  turnSeconds: 3,
  bareSeconds: 1.5,
  pacedSeconds: 12,
  memoryWebhooks: 20_000,
  grading: { customers: 1_000, ms: 250 },
  simulated: [100_000, 1_000_000],
  cohorts: { members: [10_000, 100_000, 1_000_000], moves: 10_000 },
};

export const quickSizes: Sizes = {
  customers: 2_000,
  rounds: 2,
  webhooks: 2_000,
  turnSeconds: 1,
  bareSeconds: 0.5,
  pacedSeconds: 2,
  memoryWebhooks: 2_000,
  grading: { customers: 100, ms: 40 },
  simulated: [2_000, 30_000],
  cohorts: { members: [1_000, 10_000], moves: 500 },
};

/** What the questions of one run share. */
export interface Bench {
  readonly sizes: Sizes;
  readonly children: Children;
  /** An empty folder that goes with the run. */
  folder(name: string): string;
  /** The data folder of a store with all customers, to be copied. Made by whoever asks first. */
  store(): Promise<string>;
  tell(progress: string): void;
}

export interface RunningBench extends Bench {
  /** Ends every process and removes every file. */
  close(): Promise<void>;
}

export const openBench = (sizes: Sizes, tell: (progress: string) => void): RunningBench => {
  const root = mkdtempSync(join(tmpdir(), 'regrade-bench-'));
  const children = createChildren();
  let folders = 0;
  const folder = (name: string): string => {
    folders += 1;
    return join(root, `${folders}-${name}`);
  };
  const fill = async (): Promise<string> => {
    const preloaded = folder('preloaded');
    const loaded = await loadBenchWorkspace(writeBenchWorkspace(preloaded, 'http://127.0.0.1:9/alerts'));
    await preload(loaded, sizes.customers, (count) => tell(`preloading ${count} of ${sizes.customers} customers`));
    return join(preloaded, 'data');
  };
  let store: Promise<string> | undefined;
  return {
    ...{ sizes, children, folder, tell },
    store: () => {
      store ??= fill();
      return store;
    },
    close: async () => {
      await children.stopAll();
      rmSync(root, { recursive: true, force: true });
    },
  };
};
