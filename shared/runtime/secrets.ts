import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecretRef } from '../definitions/secret-ref.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { environmentWith, type KeptSecret, placeOfMissing } from './kept-secrets.ts';

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Relative secret files are looked up from here: the folder of the workspace file. */
  readonly folder: string;
  /** Of a store of secrets; what they hold goes before the environment. */
  readonly kept?: readonly KeptSecret[];
}

/**
 * The secret behind a reference, surrounding white space removed.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, not retryable, naming the variable or the file and never the value.
 */
export const resolveSecret = (ref: SecretRef, sources?: Partial<SecretSources>): string => {
  const { environment = process.env, folder = process.cwd(), kept = [] } = sources ?? {};
  const found = 'env' in ref ? environmentWith(environment, kept)[ref.env] : readSecretFile(ref.file, folder);
  const secret = found?.trim() ?? '';
  if (secret !== '') return secret;
  throw new PipelineError('CONFIG_INVALID', missing(ref, kept), { retryable: false });
};

const missing = (ref: SecretRef, kept: readonly KeptSecret[]): string => {
  if ('file' in ref) return `the secret file ${ref.file} is empty`;
  const place = placeOfMissing(ref.env, kept);
  return place === undefined ? `the environment variable ${ref.env} is not set` : `${place} is not set`;
};

const readSecretFile = (file: string, folder: string): string => {
  try {
    return readFileSync(resolve(folder, file), 'utf8');
  } catch (cause) {
    throw new PipelineError('CONFIG_INVALID', `the secret file ${file} cannot be read`, { retryable: false, cause });
  }
};
