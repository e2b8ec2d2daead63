import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type * as z from 'zod';
import type { TopicSettings } from '../../../shared/adapters/kafka/topic-settings.ts';
import type { Deployment } from '../../../shared/definitions/deployment.ts';
import { Workspace } from '../../../shared/definitions/workspace.ts';
import { canonicalJson } from '../../../shared/domain/json.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { Playbook } from '../../../shared/domain/playbook.ts';
import { Model } from '../../../shared/grading/model.ts';
import { type FileReader, fileReader, type Parsed } from './file-reader.ts';
import { type FilesTogether, findReferenceFaults } from './find-reference-faults.ts';
import { findSecretFaults } from './find-secret-faults.ts';
import { findSettingFaults } from './find-setting-faults.ts';
import { memberOf } from './known-keys.ts';
import { type LoadedRates, loadRates } from './load-rates.ts';
import { type Problem, sortProblems } from './problem.ts';
import { settingTexts } from './setting-texts.ts';
import { type SourceFile, wholeFile } from './source-file.ts';

export interface LoadedModel {
  readonly model: Model;
  /** SHA-256, hex, of the parsed model as canonical JSON: comments and key order do not change it. */
  readonly hash: string;
  /** As reached from the workspace file that was named. */
  readonly file: string;
}

export interface LoadedWorkspace {
  readonly workspace: Workspace;
  /** In the order listed: the first decides. */
  readonly models: readonly LoadedModel[];
  readonly playbooks: readonly Playbook[];
  /** Absent where the workspace names no file of rates. */
  readonly rates?: LoadedRates | undefined;
  /** Absolute: what all paths of the workspace file are relative to. */
  readonly folder: string;
  /**
   * Secrets of AWS Secrets Manager that hold what the engine refers to: looked into where the environment has it not. Absent for
   * what does not run there.
   */
  readonly engineSecrets?: Readonly<Deployment['REGRADE_SECRETS']>;
  /** What the engine does not say of its topics. */
  readonly topics?: Pick<TopicSettings, 'retentionMs' | 'replicatesByItself'>;
}

export type Loading =
  | { readonly outcome: 'loaded'; readonly loaded: LoadedWorkspace; readonly warnings: readonly Problem[] }
  | { readonly outcome: 'faulty'; readonly problems: readonly Problem[] };

export interface LoadOptions {
  /** Where secrets are looked for, beside files. Undefined: they are kept elsewhere, and not looked for. */
  readonly environment: Readonly<Record<string, string | undefined>> | undefined;
  readonly language: Language;
  /** A node that is about to start needs its secrets: a missing one is an error then, else a warning. */
  readonly starting: boolean;
}

/** Reads regrade.yaml and every file it names, and finds all there is to complain about at once. */
export const loadWorkspace = async (file: string, options: LoadOptions): Promise<Loading> => {
  const { language } = options;
  const reader = fileReader(language);
  const source = await reader.read(file, (message) => wholeFile(file, message, settingTexts[language].noWorkspace));
  const root = source === undefined ? undefined : reader.parse(Workspace, source);
  // the files it names are read even where the rest of it has faults
  const models = await readListed(source, 'models', Model, reader);
  const playbooks = await readListed(source, 'playbooks', Playbook, reader);
  const rates = root === undefined ? undefined : await loadRates(root, reader, language);
  const together = root === undefined ? [] : problemsTogether({ root, models, playbooks, rates }, options);

  const problems = sortProblems(file, [...reader.problems, ...together]);
  if (root === undefined || problems.some(({ severity }) => severity === 'error'))
    return { outcome: 'faulty', problems };
  const loaded = {
    workspace: root.value,
    models: models.map((model) => ({ model: model.value, hash: hashOf(model.value), file: model.file })),
    playbooks: playbooks.map(({ value }) => value),
    rates,
    folder: folderOf(file),
  };
  return { outcome: 'loaded', loaded, warnings: problems };
};

/** Reads the files of one list; a file listed twice is read once. */
const readListed = async <T>(
  root: SourceFile | undefined,
  key: 'models' | 'playbooks',
  schema: z.ZodType<T>,
  reader: FileReader,
): Promise<Parsed<T>[]> => {
  const listed = root === undefined ? undefined : memberOf(root.json, key);
  if (root === undefined || !Array.isArray(listed)) return [];
  const parsed: Parsed<T>[] = [];
  for (const [index, name] of (listed as unknown[]).entries()) {
    if (typeof name !== 'string' || listed.indexOf(name) < index) continue;
    const source = await reader.read(besides(root.file, name), (message) =>
      root.place({ path: [key, index], part: 'value', message }),
    );
    const value = source === undefined ? undefined : reader.parse(schema, source);
    if (value !== undefined) parsed.push(value);
  }
  return parsed;
};

/** What only shows once the files are seen side by side, and against this machine's environment. */
const problemsTogether = (files: FilesTogether, { environment, language, starting }: LoadOptions): Problem[] => {
  const { value: workspace, source, file } = files.root;
  const secretFaults =
    environment === undefined ? [] : findSecretFaults(workspace, { environment, folder: folderOf(file) }, language);
  return [
    ...findSettingFaults(workspace, language).map(source.place),
    ...secretFaults.map((finding) => source.place({ ...finding, severity: starting ? 'error' : 'warning' })),
    ...findReferenceFaults(files, language),
  ];
};

const folderOf = (file: string): string => resolve(dirname(file));

const besides = (file: string, name: string): string => (isAbsolute(name) ? name : join(dirname(file), name));

/** Of a model as it is parsed. */
export const hashOf = (model: Model): string => createHash('sha256').update(canonicalJson(model)).digest('hex');
