import { SecretRef } from '../../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import { resolveSecret, type SecretSources } from '../../../shared/runtime/secrets.ts';
import type { Finding, Path } from './problem.ts';
import { settingTexts } from './setting-texts.ts';

/** Every reference to a secret that leads to nothing. Never says what a secret is. */
export const findSecretFaults = (workspace: Workspace, sources: SecretSources, language: Language): Finding[] => {
  const refs = [...refsIn(workspace.connections, ['connections']), ...refsIn(workspace.channels, ['channels'])];
  return refs.filter(({ ref }) => !isThere(ref, sources)).map(({ path, ref }) => findingOf(path, ref, language));
};

interface FoundRef {
  readonly path: Path;
  readonly ref: SecretRef;
}

const refsIn = (value: unknown, path: Path): FoundRef[] => {
  if (typeof value !== 'object' || value === null) return [];
  const ref = SecretRef.safeParse(value);
  if (ref.success) return [{ path, ref: ref.data }];
  const children: [PropertyKey, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  // a mapping may name an attribute `env` or `file`; it holds no secrets
  return children.filter(([key]) => key !== 'records').flatMap(([key, child]) => refsIn(child, [...path, key]));
};

const isThere = (ref: SecretRef, sources: SecretSources): boolean => {
  try {
    return resolveSecret(ref, sources) !== '';
  } catch (error) {
    if (error instanceof PipelineError) return false;
    throw error;
  }
};

const findingOf = (path: Path, ref: SecretRef, language: Language): Finding => {
  const texts = settingTexts[language];
  return 'env' in ref
    ? { path: [...path, 'env'], part: 'value', message: texts.unset(ref.env), cure: texts.setIt(ref.env) }
    : { path: [...path, 'file'], part: 'value', message: texts.noSecretFile(ref.file) };
};
