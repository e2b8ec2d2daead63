import {
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceNotFoundException,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { dynamoDbModelRegistry } from '../../../shared/adapters/dynamodb/models/model-registry.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import type { Finding } from '../../cli/checkup.ts';
import { isRefusal } from '../readers/check-table.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { checkBacklog } from './check-backlog.ts';
import { checkModels } from './check-models.ts';
import { checkServerClock } from './check-server-clock.ts';
import { finding } from './finding.ts';
import { tableOddities } from './table-oddities.ts';

export interface TableParts {
  readonly loaded: LoadedWorkspace;
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** Credentials, table, clock, and what the table holds. */
export async function* checkTables({ loaded, client, table }: TableParts): AsyncGenerator<Finding, void, undefined> {
  const clock = checkServerClock(client);
  const described = await describe(client, table);
  if ('code' in described) {
    if (described.code === 'table:missing') yield finding('credentials:fine');
    yield described;
    return;
  }
  yield finding('credentials:fine');
  const odd = await tableOddities(client, described);
  yield odd.length === 0 ? finding('table:fine', table) : finding('table:other', table, odd.join('; '));
  yield clock();
  if (odd.length > 0) return;
  const tenant = TenantId.parse(loaded.workspace.tenant);
  yield await checkModels(dynamoDbModelRegistry({ client, table }), tenant, loaded.models);
  yield await checkBacklog(client, table, tenant);
}

const describe = async (client: DynamoDBClient, table: string): Promise<TableDescription | Finding> => {
  try {
    return (await client.send(new DescribeTableCommand({ TableName: table }))).Table ?? {};
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return finding('table:missing', table);
    const reason = error instanceof Error ? error.message : String(error);
    return finding(isRefusal(error) ? 'credentials:refused' : 'credentials:silent', reason);
  }
};
