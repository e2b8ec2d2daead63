import { loadModel } from '../node/workspace/load-model.ts';
import type { LoadedModel } from '../node/workspace/load-workspace.ts';
import type { CliContext } from './context.ts';
import { printProblems } from './print-problems.ts';

/** Model files named on the command line, or nothing after their problems were told: all of them at once. */
export const loadModels = async (
  { language, err }: Pick<CliContext, 'language' | 'err'>,
  files: readonly string[],
): Promise<readonly LoadedModel[] | undefined> => {
  const loaded: LoadedModel[] = [];
  for (const file of files) {
    const loading = await loadModel(file, language);
    if (loading.outcome === 'loaded') loaded.push(loading.model);
    else err(printProblems(loading.problems, language));
  }
  return loaded.length === files.length ? loaded : undefined;
};
