import { existsSync } from 'node:fs';
import { functionNames } from '../../../shared/definitions/functions.ts';
import type { LoadedWorkspace } from '../../node/workspace/load-workspace.ts';
import type { CliContext, DemoRequest, ExitCode, GlobalOptions } from '../context.ts';
import { describeFailure } from '../describe-failure.ts';
import { engineOf } from '../engine-of.ts';
import { openWorkspace } from '../open-workspace.ts';

export interface StartOptions extends GlobalOptions, DemoRequest {
  /** Where there is no workspace file yet, run the demo instead of complaining. */
  readonly demo?: boolean;
  /** Goes before the one that the workspace names. */
  readonly engine?: 'embedded' | 'kafka-dynamodb';
}

/** Runs everything in this process until it is asked to stop, or it cannot go on; then lets it finish the work in hand. */
export const start = async (context: CliContext, options: StartOptions): Promise<ExitCode> => {
  const { workspace, stage, demo = false, speed, fresh, port, plain, exit } = options;
  if (demo && stage === undefined && !existsSync(workspace))
    return (await context.runDemo({ speed, fresh, port, plain, exit })) === 0 ? 0 : 1;
  const loaded = await openWorkspace(context, { ...options, starting: true });
  if (loaded === undefined) return 1;
  const node = await startOn(context, loaded, options.engine ?? loaded.workspace.engine.type);
  context.err(texts[context.language].listening(node.url));
  const failure = await Promise.race([context.stopRequested(), node.failed]);
  if (failure !== undefined) context.err(describeFailure(failure, context.language));
  context.err(texts[context.language].stopping);
  await node.stop();
  return failure === undefined ? 0 : 1;
};

const startOn = async (context: CliContext, loaded: LoadedWorkspace, type: 'embedded' | 'kafka-dynamodb') => {
  if (type === 'embedded') return context.startNode(loaded);
  const engine = engineOf(loaded.workspace.engine, context.environment);
  // a try-out has nobody else to make them
  await context.setUp(loaded, engine);
  return context.startWorker(loaded, { functions: functionNames, engine, port: loaded.workspace.listen.port });
};

const texts = {
  en: {
    listening: (url: string) => `Regrade listens on ${url} (stop with Ctrl+C)\n`,
    stopping: 'Finishing the work in hand …\n',
  },
  zh: {
    listening: (url: string) => `Regrade 正在监听 ${url}（Ctrl+C 停止）\n`,
    stopping: '正在完成手头的工作……\n',
  },
} as const;
