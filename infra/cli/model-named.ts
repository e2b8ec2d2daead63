import { Model } from '../../shared/grading/model.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { loadModels } from './load-models.ts';
import { publishTexts } from './publish-texts.ts';
import { withReader } from './with-reader.ts';

/** `3`, of the model that decides; or `abc@3`. */
const versionText = /^(?:([a-z0-9][\w-]*)@)?(\d+)$/i;

/** A model by its file, or by the number of a published version; nothing after it was told what is wrong. */
export const modelNamed = async (
  context: CliContext,
  text: string,
  options: GlobalOptions,
): Promise<Model | undefined> => {
  const [, id, version] = versionText.exec(text) ?? [];
  if (version === undefined) return (await loadModels(context, [text]))?.[0]?.model;
  let found: Model | undefined;
  await withReader(context, options, async (reader) => {
    const { pointer, versions } = await reader.readModels();
    const wanted = id ?? pointer?.live.models[0]?.id;
    const stored = versions.find((each) => each.id === wanted && each.version === Number(version));
    if (stored !== undefined) found = Model.parse(JSON.parse(stored.content));
    else context.err(`regrade: ${publishTexts[context.language].noVersion(text)}`);
    return 0;
  });
  return found;
};
