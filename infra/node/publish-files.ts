import { adoptModels, takenSentence } from '../../functions/ground/adopt-models.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { ModelRegistry } from '../../shared/ports/model-registry.ts';
import type { KnownModel } from '../../shared/usecases/models-in-force.ts';
import { requestPublication } from '../../shared/usecases/request-publication.ts';

export interface PublishFilesParts {
  readonly tenant: TenantId;
  readonly registry: ModelRegistry;
  readonly files: readonly KnownModel[];
  readonly clock: Pick<Clock, 'businessNow'>;
  readonly log: Log;
}

/**
 * What a start of the single node does with the model files: the first publishes them, and a later one publishes what was never
 * published. What cannot be published is told, and the published models go on to grade.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, `STORE_UNAVAILABLE`.
 */
export const publishFiles = async (parts: PublishFilesParts): Promise<void> => {
  if (!(await adoptModels(parts))) return;
  const { files, clock, log } = parts;
  const asked = { at: clock.businessNow(), by: 'start', why: 'model file edited', alerts: 'send' as const };
  const requested = await requestPublication(parts)(files, asked, { whole: true });
  switch (requested.outcome) {
    case 'begun':
    case 'live':
    case 'not-started':
      return;
    case 'taken':
      log.error(
        { problem: takenSentence(requested) },
        'a model file was edited: the published one grades until it has a new version',
      );
      return;
    case 'under-way':
      log.warn(
        { epoch: requested.epoch },
        'a model file was edited while another is being published: run `regrade publish` after that',
      );
      return;
  }
};
