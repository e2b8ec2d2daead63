import { existsSync } from 'node:fs';
import type { CliContext, DemoRequest, ExitCode, GlobalOptions } from '../context.ts';
import { describeFailure } from '../describe-failure.ts';
import { openWorkspace } from '../open-workspace.ts';

export interface StartOptions extends GlobalOptions, DemoRequest {
  /** Where there is no workspace file yet, run the demo instead of complaining. */
  readonly demo?: boolean;
}

/** Runs the node until the process is asked to stop, or it cannot go on; then lets it finish the work in hand. */
export const start = async (context: CliContext, options: StartOptions): Promise<ExitCode> => {
  const { workspace, demo = false, speed, fresh, port, plain, exit } = options;
  if (demo && !existsSync(workspace)) return (await context.runDemo({ speed, fresh, port, plain, exit })) === 0 ? 0 : 1;
  const loaded = await openWorkspace(context, { workspace, starting: true });
  if (loaded === undefined) return 1;
  const node = await context.startNode(loaded);
  context.err(texts[context.language].listening(node.url));
  const failure = await Promise.race([context.stopRequested(), node.failed]);
  if (failure !== undefined) context.err(describeFailure(failure, context.language));
  context.err(texts[context.language].stopping);
  await node.stop();
  return failure === undefined ? 0 : 1;
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
