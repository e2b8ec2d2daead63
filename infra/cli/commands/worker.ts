import { type FunctionName, functionNames } from '../../../shared/definitions/functions.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { describeFailure } from '../describe-failure.ts';
import { engineOf } from '../engine-of.ts';
import { openWorkspace } from '../open-workspace.ts';

export interface WorkerOptions extends GlobalOptions {
  readonly port?: number;
}

/** Runs functions as members of Kafka consumer groups until the process is asked to stop, or it cannot go on. */
export const worker = async (
  context: CliContext,
  names: readonly FunctionName[],
  { port, ...options }: WorkerOptions,
): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: true });
  if (loaded === undefined) return 1;
  const functions = names.length === 0 ? functionNames : names;
  // only the one that CRMs send to has to be found where the workspace says
  const listen = functions.includes('receive-webhook') ? loaded.workspace.listen.port : 0;
  const running = await context.startWorker(loaded, {
    functions,
    engine: engineOf(loaded.workspace.engine, context.environment),
    port: port ?? listen,
  });
  context.err(texts[context.language].running(functions.join(', '), running.url));
  const failure = await Promise.race([context.stopRequested(), running.failed]);
  if (failure !== undefined) context.err(describeFailure(failure, context.language));
  context.err(texts[context.language].stopping);
  await running.stop();
  return failure === undefined ? 0 : 1;
};

const texts = {
  en: {
    running: (functions: string, url: string) => `Regrade runs ${functions}; ${url}/health (stop with Ctrl+C)\n`,
    stopping: 'Finishing the work in hand …\n',
  },
  zh: {
    running: (functions: string, url: string) => `Regrade 正在运行 ${functions}；${url}/health（Ctrl+C 停止）\n`,
    stopping: '正在完成手头的工作……\n',
  },
} as const;
