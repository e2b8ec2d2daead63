import type { TenantId } from '../../shared/domain/ids.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { ModelRegistry } from '../../shared/ports/model-registry.ts';
import type { KnownModel } from '../../shared/usecases/models-in-force.ts';
import { adoptFiles, type Taken } from '../../shared/usecases/request-publication.ts';

export interface AdoptParts {
  readonly tenant: TenantId;
  readonly registry: ModelRegistry;
  /** Of the workspace's files. */
  readonly files: readonly KnownModel[];
  readonly clock: Pick<Clock, 'businessNow'>;
  readonly log: Log;
}

/** Who published what a start did. */
const starter = 'start';

/**
 * Has the workspace's models grade from the very first start on. True where they were never published and others grade: whether
 * to publish them is the caller's affair. Where they did grade and do not any more that is told, and nothing is done.
 *
 * @throws {PipelineError} `STORE_UNAVAILABLE`, retryable; `CONFIG_INVALID` where nothing grades and these cannot.
 */
export const adoptModels = async ({ tenant, registry, files, clock, log }: AdoptParts): Promise<boolean> => {
  const asked = { at: clock.businessNow(), by: starter, why: 'first start', alerts: 'send' as const };
  const adopted = await adoptFiles({ tenant, registry })(files, asked);
  switch (adopted.outcome) {
    case 'first':
      log.info({ models: namesOf(files.map(({ model }) => model)) }, 'these models grade from now on');
      return false;
    case 'same':
      return false;
    case 'older':
      log.warn(
        { files: namesOf(files.map(({ model }) => model)), live: namesOf(adopted.live) },
        'the model files are older than the models that grade: go back with `regrade rollback`, or put the newer files here',
      );
      return false;
    case 'new':
      return true;
    case 'taken':
      throw new PipelineError('CONFIG_INVALID', takenSentence(adopted), { retryable: false });
  }
};

export const takenSentence = ({ stored: { id, version } }: Taken): string =>
  `version ${version} of model ${id} was published with another content: raise \`version\` in its file`;

const namesOf = (models: readonly { readonly id: string; readonly version: number }[]): string =>
  models.map(({ id, version }) => `${id} ${version}`).join(', ');
