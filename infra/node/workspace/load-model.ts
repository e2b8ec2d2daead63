import type { Language } from '../../../shared/domain/message.ts';
import { Model } from '../../../shared/grading/model.ts';
import { fileReader } from './file-reader.ts';
import { hashOf, type LoadedModel } from './load-workspace.ts';
import type { Problem } from './problem.ts';
import { wholeFile } from './source-file.ts';

export type LoadingModel =
  | { readonly outcome: 'loaded'; readonly model: LoadedModel }
  | { readonly outcome: 'faulty'; readonly problems: readonly Problem[] };

/** Reads one model file by itself, whether or not a workspace names it. */
export const loadModel = async (file: string, language: Language): Promise<LoadingModel> => {
  const reader = fileReader(language);
  const source = await reader.read(file, (message) => wholeFile(file, message));
  const parsed = source === undefined ? undefined : reader.parse(Model, source);
  if (parsed === undefined) return { outcome: 'faulty', problems: reader.problems };
  return { outcome: 'loaded', model: { model: parsed.value, hash: hashOf(parsed.value), file } };
};
