import { dynamoDbModelRegistry } from '../../../shared/adapters/dynamodb/models/model-registry.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import type { Publishing } from '../../cli/publishing.ts';
import { answerPublication } from '../publications.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { connectForCommand } from './connect-for-command.ts';

/** Writes the table itself: whichever worker keeps time carries it out. */
export const openDynamoDbPublishing = async (
  loaded: LoadedWorkspace,
  engine: KafkaDynamoDbEngine,
): Promise<Publishing> => {
  const { client } = connectForCommand(loaded, engine);
  const registry = dynamoDbModelRegistry({ client, table: engine.dynamodb.table });
  return {
    carriedBy: 'running',
    publish: answerPublication({
      tenant: TenantId.parse(loaded.workspace.tenant),
      registry,
      businessNow: Date.now,
    }),
    close: async () => client.destroy(),
  };
};
