import { dynamoDbCustomerStore } from '../../../shared/adapters/dynamodb/customers/customer-store.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import type { CustomerState } from '../../../shared/domain/customer-state.ts';
import { type TenantId, TenantId as TenantIdSchema } from '../../../shared/domain/ids.ts';
import type { CustomerStore } from '../../../shared/ports/customer-store.ts';
import type { Population } from '../../cli/population.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { checkTable } from './check-table.ts';
import { connectForCommand } from './connect-for-command.ts';
import { surveyStates } from './survey-states.ts';

const pageSize = 200;

/**
 * Everybody in a DynamoDB table, read a page at a time.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where there is no such table, `STORE_UNAVAILABLE`.
 */
export const openDynamoDbPopulation = async (
  loaded: LoadedWorkspace,
  engine: KafkaDynamoDbEngine,
): Promise<Population> => {
  const { client } = connectForCommand(loaded, engine);
  const { table } = engine.dynamodb;
  await checkTable(client, table);
  const tenant = TenantIdSchema.parse(loaded.workspace.tenant);
  const customers = dynamoDbCustomerStore({ client, table });
  const pages = (): AsyncIterable<readonly CustomerState[]> => pagesOf(customers, tenant);
  return {
    // counting them would read the whole table
    size: undefined,
    now: Date.now(),
    pages,
    survey: async (request, done) => [await surveyStates(pages(), request, done)],
    close: () => client.destroy(),
  };
};

async function* pagesOf(customers: CustomerStore, tenant: TenantId): AsyncGenerator<readonly CustomerState[]> {
  let after: string | undefined;
  do {
    const page = await customers.listCustomers(tenant, after, pageSize);
    const states = await customers.findAll(tenant, page.customers);
    yield [...states.values()];
    after = page.next;
  } while (after !== undefined);
}
