import type { Language } from '../../../shared/domain/message.ts';
import { refusalsWith } from '../../aws/config/refusals.ts';
import { type LoadedWorkspace, type Loading, loadWorkspace } from '../../node/workspace/load-workspace.ts';
import type { Problem } from '../../node/workspace/problem.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { printProblems } from '../print-problems.ts';
import { type OpenedStage, openStage } from '../stage/open-stage.ts';

export interface CheckOptions extends GlobalOptions {
  readonly json: boolean;
}

/** Tells every problem of the workspace's files, and why a stage cannot be deployed. Warnings alone leave it fit to start. */
export const check = async (context: CliContext, { json, ...options }: CheckOptions): Promise<ExitCode> => {
  const { environment, language } = context;
  const stage = options.stage === undefined ? undefined : await openStage(context, options.stage);
  if (options.stage !== undefined && stage === undefined) return 1;
  const workspace = stage?.workspaceFile ?? options.workspace;
  // a stage's secrets are not this machine's: `doctor` and `secrets list` look for them
  const looked = stage === undefined ? environment : undefined;
  const loading = await loadWorkspace(workspace, { environment: looked, language, starting: false });
  const problems =
    loading.outcome === 'loaded' ? [...loading.warnings, ...refusedOf(stage, loading.loaded)] : loading.problems;
  const ok = problems.every(({ severity }) => severity !== 'error');
  if (json) context.out(`${JSON.stringify({ ok, problems }, null, 2)}\n`);
  else context.out(printProblems(problems, language) + summary(workspace, loading, problems, language));
  return ok ? 0 : 1;
};

const refusedOf = (stage: OpenedStage | undefined, { workspace }: LoadedWorkspace): readonly Problem[] =>
  stage === undefined ? [] : refusalsWith(stage.stage, workspace).map(stage.place);

const summary = (file: string, loading: Loading, problems: readonly Problem[], language: Language): string => {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  if (loading.outcome === 'faulty' || errors > 0) return texts[language].faulty(errors, warnings);
  const { workspace, models, playbooks } = loading.loaded;
  const counts = [
    models.length,
    playbooks.length,
    Object.keys(workspace.connections).length,
    Object.keys(workspace.channels).length,
  ];
  return texts[language].fine(file, counts, warnings);
};

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const texts = {
  en: {
    faulty: (errors: number, warnings: number) => `${plural(errors, 'error')}, ${plural(warnings, 'warning')}\n`,
    fine: (file: string, counts: readonly number[], warnings: number) => {
      const parts = ['model', 'playbook', 'connection', 'channel'].map((noun, index) =>
        plural(counts[index] ?? 0, noun),
      );
      return `${file} is fine: ${parts.join(', ')}${warnings === 0 ? '' : `; ${plural(warnings, 'warning')}`}\n`;
    },
  },
  zh: {
    faulty: (errors: number, warnings: number) => `${errors} 个错误，${warnings} 个提醒\n`,
    fine: (file: string, counts: readonly number[], warnings: number) => {
      const parts = ['个模型', '个剧本', '个连接', '个渠道'].map((noun, index) => `${counts[index] ?? 0} ${noun}`);
      return `${file} 没有错误：${parts.join('、')}${warnings === 0 ? '' : `；${warnings} 个提醒`}\n`;
    },
  },
} as const;
