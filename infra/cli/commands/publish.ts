import { userInfo } from 'node:os';
import type { AlertChoice } from '../../../shared/domain/change.ts';
import type { LoadedModel, LoadedWorkspace } from '../../node/workspace/load-workspace.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { engineAsked } from '../engine-asked.ts';
import { loadModels } from '../load-models.ts';
import { openWorkspace } from '../open-workspace.ts';
import { printable } from '../print-table.ts';
import { publishTexts } from '../publish-texts.ts';
import { tellPublication } from '../tell-publication.ts';
import { withReader } from '../with-reader.ts';
import { simulateModel } from './simulate.ts';

export interface PublishOptions extends GlobalOptions {
  /** Files; without any all models of the workspace. */
  readonly model?: readonly string[];
  readonly why: string;
  readonly by?: string;
  readonly alerts: AlertChoice;
  readonly yes?: boolean;
  /** False with --no-wait. */
  readonly wait: boolean;
}

/** How many movers a preview names. */
const named = 5;

/** Has other models grade. Without `--yes` it only shows what would change. */
export const publish = async (context: CliContext, options: PublishOptions): Promise<ExitCode> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const models = options.model === undefined ? loaded.models : await loadModels(context, options.model);
  if (models === undefined) return 1;
  if (options.yes !== true) return preview(context, options, models);
  const { why, alerts } = options;
  return tellPublication(context, loaded, {
    engine: engineAsked(context, loaded, options),
    wait: options.wait,
    request: {
      ...{ command: 'publish', by: options.by ?? userInfo().username, why, alerts },
      models: models.map(({ model }) => model),
      whole: options.model === undefined,
    },
  });
};

const preview = async (
  context: CliContext,
  options: PublishOptions,
  models: readonly LoadedModel[],
): Promise<ExitCode> => {
  const texts = publishTexts[context.language];
  const told = await withReader(context, options, async (reader) => {
    const { pointer } = await reader.readModels();
    for (const { model } of models) {
      const live = pointer?.live.models.find(({ id }) => id === model.id);
      if (live?.version !== model.version)
        context.out(texts.would(model.id, String(model.version), live === undefined ? '' : String(live.version)));
    }
    return 0;
  });
  if (told !== 0) return told;
  for (const { file } of models) {
    const simulated = await simulateModel(context, { ...globalOf(options), model: file, json: false, top: named });
    if (simulated !== 0) return simulated;
  }
  context.err(texts.asksYes);
  return 0;
};

const globalOf = ({ workspace, engine, stage }: GlobalOptions): GlobalOptions => ({
  workspace,
  ...(engine === undefined ? {} : { engine }),
  ...(stage === undefined ? {} : { stage }),
});

export interface RollbackOptions
  extends Pick<PublishOptions, 'workspace' | 'engine' | 'stage' | 'why' | 'by' | 'alerts' | 'wait'> {
  /** A version number. */
  readonly to?: number;
  /** Id of the model that `to` is a version of. */
  readonly model?: string;
}

/** Has the models before grade again, or gives up what is being built. */
export const rollback = async (context: CliContext, options: RollbackOptions): Promise<ExitCode> => {
  const loaded: LoadedWorkspace | undefined = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return 1;
  const { why, alerts, to, model } = options;
  const target =
    to === undefined ? {} : { to: { version: to, ...(model === undefined ? {} : { id: printable(model) }) } };
  return tellPublication(context, loaded, {
    engine: engineAsked(context, loaded, options),
    wait: options.wait,
    request: { command: 'rollback', by: options.by ?? userInfo().username, why, alerts, ...target },
  });
};
