import type { SecretRef } from '../../../shared/definitions/secret-ref.ts';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import { resolveSecret, type SecretSources } from '../../../shared/runtime/secrets.ts';
import type { Finding, Path } from './problem.ts';
import { secretRefsOf } from './secret-refs.ts';
import { settingTexts } from './setting-texts.ts';

/** Every reference to a secret that leads to nothing. Never says what a secret is. */
export const findSecretFaults = (workspace: Workspace, sources: SecretSources, language: Language): Finding[] =>
  secretRefsOf(workspace)
    .filter(({ ref }) => !isThere(ref, sources))
    .map(({ path, ref }) => findingOf(path, ref, language));

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
