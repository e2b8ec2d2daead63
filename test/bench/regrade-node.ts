import type { ChildProcess } from 'node:child_process';
import { closeSync, cpSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { benchEnvironment, writeBenchWorkspace } from './bench-workspace.ts';
import { type Children, projectFolder } from './children.ts';

export interface BenchNode {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
  /** Webhooks that are acknowledged and not through all stages. */
  readBacklog(): Promise<Backlog>;
  /** Resolves when everything acknowledged is graded and every alert delivered. */
  drained(): Promise<void>;
}

export interface Backlog {
  /** Age of the oldest thing that the slowest stage has not finished. */
  readonly behindMs: number;
  /** Alerts decided and not delivered. */
  readonly undelivered: number;
}

const Health = z.object({
  status: z.literal('ok'),
  behindMs: z.record(z.string(), z.number()),
  deliveries: z.array(z.object({ status: z.string(), deliveries: z.number() })),
});

const drainMs = 120_000;

/** Runs `regrade start` as a user would, on a copy of a preloaded store. Resolves when it listens. */
export const startBenchNode = async (
  children: Children,
  { folder, store, alertUrl }: { readonly folder: string; readonly store: string; readonly alertUrl: string },
): Promise<BenchNode> => {
  const file = writeBenchWorkspace(folder, alertUrl);
  cpSync(store, join(dirname(file), 'data'), { recursive: true });
  const log = openSync(join(folder, 'node.log'), 'a');
  const child = children.spawn(['infra/cli/regrade.mjs', 'start', '--workspace', file], {
    cwd: projectFolder,
    environment: benchEnvironment,
    stdout: log,
  });
  closeSync(log);
  const url = await untilListening(child);
  const readBacklog = async (): Promise<Backlog> => {
    const health = Health.parse(await (await fetch(`${url}/health`)).json());
    const atRest = new Set(['delivered', 'superseded', 'digested']);
    const undelivered = health.deliveries.filter(({ status }) => !atRest.has(status));
    return {
      behindMs: Math.max(...Object.values(health.behindMs)),
      undelivered: undelivered.reduce((sum, { deliveries }) => sum + deliveries, 0),
    };
  };
  return {
    ...{ url, pid: child.pid ?? 0, child, readBacklog },
    drained: async () => {
      const deadline = performance.now() + drainMs;
      for (;;) {
        const { behindMs, undelivered } = await readBacklog();
        if (behindMs === 0 && undelivered === 0) return;
        if (performance.now() > deadline) throw new Error(`the node did not get done within ${drainMs / 1_000} s`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
  };
};

const untilListening = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let told = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the node ended with ${code ?? 'a signal'}:\n${told}`)));
  });
