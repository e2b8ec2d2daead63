import { readFile } from 'node:fs/promises';
import type { Language } from '../../../shared/domain/message.ts';
import { Model } from '../../../shared/grading/model.ts';
import { fileReader } from '../../node/workspace/file-reader.ts';
import type { Problem } from '../../node/workspace/problem.ts';
import { wholeFile } from '../../node/workspace/source-file.ts';

/** A model file that a fit is for. */
export interface FitModel {
  readonly file: string;
  readonly text: string;
  /** Without the population that the file may have: percentiles look at a range of 0 to 1. */
  readonly model: Model;
}

export type LoadingFitModel =
  | { readonly outcome: 'loaded'; readonly loaded: FitModel }
  | { readonly outcome: 'faulty'; readonly problems: readonly Problem[] };

/** Reads a model file, also one whose percentiles still wait for the population that a fit will write. */
export const loadFitModel = async (file: string, language: Language): Promise<LoadingFitModel> => {
  const reader = fileReader(language);
  const source = await reader.read(file, (message) => wholeFile(file, message));
  const parsed =
    source === undefined ? undefined : reader.parse(Model, { ...source, json: withPlaceholder(source.json) });
  if (parsed === undefined) return { outcome: 'faulty', problems: reader.problems };
  return { outcome: 'loaded', loaded: { file, text: await readFile(file, 'utf8'), model: parsed.value } };
};

const withPlaceholder = (json: unknown): unknown => {
  if (!isRecord(json)) return json;
  const signals = Object.keys(isRecord(json['signals']) ? json['signals'] : {});
  const quantiles = Object.fromEntries(signals.map((id) => [id, [0, 1]]));
  return { ...json, population: { asOf: '1970-01-01T00:00:00Z', customers: 1, means: {}, quantiles } };
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
