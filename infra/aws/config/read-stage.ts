import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { fileReader } from '../../node/workspace/file-reader.ts';
import type { LoadOptions } from '../../node/workspace/load-workspace.ts';
import { type Finding, type Problem, sortProblems } from '../../node/workspace/problem.ts';
import { wholeFile } from '../../node/workspace/source-file.ts';
import { refusalText } from './refusal.ts';
import { Stage } from './stage.ts';
import { isStageName, knownStages, stageNameOf } from './stage-file.ts';
import { warningsOf } from './warnings.ts';

export type StageProblem = Problem;

export type ReadStage =
  | {
      readonly outcome: 'read';
      readonly stage: Stage;
      /** As reached from the stage file that was named. */
      readonly workspaceFile: string;
      /** What works and has a price or a risk that is easily missed: one sentence each. */
      readonly warnings: readonly string[];
      /** Finds the line for what `refusalsOf` says of this stage. */
      readonly place: (finding: Finding) => StageProblem;
    }
  | { readonly outcome: 'faulty'; readonly problems: readonly StageProblem[] };

/** Reads `<stage>.yaml`: what is no file, no YAML or no stage comes back as problems, all of them at once. Calls nothing on AWS. */
export const readStage = async (file: string, language: LoadOptions['language'] = 'en'): Promise<ReadStage> => {
  const name = stageNameOf(file);
  const reader = fileReader(language);
  const source = await reader.read(file, (message) => wholeFile(file, message, texts[language].missing(knownStages())));
  const parsed = source === undefined ? undefined : reader.parse(Stage, source);
  if (parsed !== undefined && !isStageName(name)) reader.problems.push(misnamed(file, name, language));
  if (parsed === undefined || reader.problems.length > 0)
    return { outcome: 'faulty', problems: sortProblems(file, reader.problems) };
  const stage = parsed.value;
  const workspaceFile = isAbsolute(stage.workspace) ? stage.workspace : join(dirname(file), stage.workspace);
  if (!existsSync(workspaceFile)) {
    const finding = { path: ['workspace'], part: 'value', ...texts[language].noWorkspace(workspaceFile) } as const;
    return { outcome: 'faulty', problems: [parsed.source.place(finding)] };
  }
  return {
    outcome: 'read',
    stage,
    workspaceFile,
    warnings: warningsOf(stage).map(refusalText),
    place: parsed.source.place,
  };
};

const misnamed = (file: string, name: string, language: LoadOptions['language']): StageProblem => {
  const { message, cure } = texts[language].misnamed(name);
  return wholeFile(file, message, cure);
};

const texts = {
  en: {
    missing: (stages: readonly string[]) =>
      `stages here: ${stages.join(', ')}; name one of them, or a path that ends in .yaml`,
    noWorkspace: (file: string) => ({
      message: `there is no file ${file}`,
      cure: 'write where your regrade.yaml is, as seen from this file; `npx regrade init FOLDER` writes one',
    }),
    misnamed: (name: string) => ({
      message: `"${name}" cannot be part of names on AWS`,
      cure: 'call the file by a small letter and at most 23 small letters, digits and dashes, then .yaml',
    }),
  },
  zh: {
    missing: (stages: readonly string[]) => `现有阶段：${stages.join('、')}；请写其中之一，或以 .yaml 结尾的文件路径`,
    noWorkspace: (file: string) => ({
      message: `没有文件 ${file}`,
      cure: '请写出 regrade.yaml 的位置（相对于本文件）；`npx regrade init 文件夹` 可以生成一个',
    }),
    misnamed: (name: string) => ({
      message: `“${name}”不能用作 AWS 资源名称的一部分`,
      cure: '文件名请以小写字母开头，其后至多 23 个小写字母、数字或短横线，以 .yaml 结尾',
    }),
  },
} as const;
