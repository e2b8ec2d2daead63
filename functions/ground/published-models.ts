import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbModelRegistry } from '../../shared/adapters/dynamodb/models/model-registry.ts';
import { limits } from '../../shared/definitions/limits.ts';
import type { TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import { type KnownModel, type ModelsInForce, modelsInForce } from '../../shared/usecases/models-in-force.ts';
import { adoptModels } from './adopt-models.ts';

export interface PublishedParts {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly tenant: TenantId;
  /** Of the workspace. */
  readonly models: readonly KnownModel[];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What is in force for all processes that share a table. Whoever asks first in a process compares the workspace with it: the
 * very first start publishes its models; a later one whose files are others says what to do, and goes by what is published.
 */
export const publishedModels = (parts: PublishedParts): ModelsInForce => {
  const { tenant, models: files, clock, log } = parts;
  const registry = dynamoDbModelRegistry(parts);
  const published = modelsInForce({ tenant, registry, wallNow: clock.wallNow, cacheMs: limits.pointerCacheMs });
  let adopting: Promise<void> | undefined;
  const adopt = async (): Promise<void> => {
    if (await adoptModels({ tenant, registry, files, clock, log }))
      log.warn(
        {},
        'a model file was edited and is not published: run `regrade publish`; until then the published models grade',
      );
  };
  const adopted = (): Promise<void> => {
    adopting ??= adopt().catch((error: unknown) => {
      adopting = undefined;
      throw error;
    });
    return adopting;
  };
  return {
    current: async () => {
      await adopted();
      return published.current();
    },
    reload: async () => {
      await adopted();
      return published.reload();
    },
    known: published.known,
  };
};
