import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { dynamoDbActionStore } from '../../../shared/adapters/dynamodb/actions/action-store.ts';
import { dynamoDbCohortStore } from '../../../shared/adapters/dynamodb/cohorts/cohort-store.ts';
import { dynamoDbCustomerStore } from '../../../shared/adapters/dynamodb/customers/customer-store.ts';
import { dynamoDbModelRegistry } from '../../../shared/adapters/dynamodb/models/model-registry.ts';
import { dynamoDbRecordStore } from '../../../shared/adapters/dynamodb/records/record-store.ts';
import { dynamoDbRelay } from '../../../shared/adapters/dynamodb/relay.ts';
import { dynamoDbSpill } from '../../../shared/adapters/dynamodb/spill.ts';
import { kafkaOffsets } from '../../../shared/adapters/kafka/offsets.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { CustomerId, TenantId } from '../../../shared/domain/ids.ts';
import { profileOf } from '../../../shared/domain/profile.ts';
import type { ConnectionAccount, RecordStore } from '../../../shared/ports/record-store.ts';
import { offBy } from '../../../shared/usecases/off-by.ts';
import type { FoundCustomer, FoundCustomers, NodeReader, StatusView } from '../../cli/reader.ts';
import { positions } from '../positions.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { checkTable } from './check-table.ts';
import { readsOfCohorts } from './cohort-view.ts';
import { type CommandConnections, connectForCommand } from './connect-for-command.ts';
import { type CustomerParts, findState, foundOf, readsOfCustomer } from './customer-view.ts';
import { publishedGraders } from './published-graders.ts';

/** Names are inside the states: more customers than this are not looked through for one. */
const mostLookedThrough = 2_000;
const pageSize = 200;

/**
 * The reader of Kafka and DynamoDB: from the stores, whoever writes to them.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where there is no such table, `STORE_UNAVAILABLE`.
 */
export const openDynamoDbReader = async (loaded: LoadedWorkspace, engine: KafkaDynamoDbEngine): Promise<NodeReader> => {
  const { client, kafka } = connectForCommand(loaded, engine);
  const { table } = engine.dynamodb;
  await checkTable(client, table);
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const cohorts = dynamoDbCohortStore({ client, table });
  const registry = dynamoDbModelRegistry({ client, table });
  const { live, all } = await publishedGraders(registry, tenant, loaded.models);
  const parts: CustomerParts = {
    tenant,
    customers: dynamoDbCustomerStore({ client, table }),
    actions: dynamoDbActionStore({ client, table, tenant }),
    findHeads: cohorts.findHeads,
    graders: live,
    deciders: all,
    businessNow: Date.now,
  };
  const records = dynamoDbRecordStore({ client, table });
  const spill = dynamoDbSpill({ client, table, tenant, uuid: randomUUID });
  const relay = dynamoDbRelay({ client, table, tenant, uuid: randomUUID });
  return {
    ...readsOfCustomer(parts),
    ...readsOfCohorts({ ...parts, openCohorts: () => cohorts }),
    findCustomers: (text, limit) => findCustomers(parts, text, limit),
    readModels: async () => ({
      pointer: await registry.readPointer(tenant),
      versions: await registry.listVersions(tenant),
    }),
    listCustomers: (after, limit) => parts.customers.listCustomers(tenant, after, limit),
    readStatus: async () => ({
      now: Date.now(),
      // counting them would read the whole table
      customers: undefined,
      accounts: await readBalanced(records, tenant),
      deliveries: (await parts.actions.countDeliveries()).map(({ deliveries: count, ...each }) => ({ ...each, count })),
      positions: await readPositions(kafka, engine),
      spilled: Object.fromEntries(await spill.count()),
      relayed: Object.fromEntries(await relay.count()),
      disabled: await parts.actions.readDisabledChannels(),
      models: await registry.readPointer(tenant),
    }),
    close: () => client.destroy(),
  };
};

/** Brokers that cannot be reached from here, as a private cluster's, keep nothing else from being told. */
const readPositions = async (
  kafka: CommandConnections['kafka'],
  engine: KafkaDynamoDbEngine,
): Promise<StatusView['positions']> => {
  if (!(await brokersAnswer(kafka, engine))) return undefined;
  const offsets = kafkaOffsets(await kafka());
  return Promise.all(
    positions.map(async (position) => ({ ...position, lag: await offsets.lagOf(position.topic, position.group) })),
  );
};

const mostReadings = 4;
const readingPauseMs = 500;

/** No single moment can be read here: accounts that workers moved meanwhile are read again before they count as off. */
const readBalanced = async (records: RecordStore, tenant: TenantId): Promise<readonly ConnectionAccount[]> => {
  for (let reading = 1; ; reading += 1) {
    const accounts = await records.readAccounts(tenant);
    if (reading === mostReadings || accounts.every((account) => offBy(account) === 0)) return accounts;
    await pause(readingPauseMs);
  }
};

/** By full id in one read; else by the end of an id or a part of a name, among so many customers as can be looked through. */
const findCustomers = async (parts: CustomerParts, text: string, limit: number): Promise<FoundCustomers> => {
  const { tenant, customers } = parts;
  const exact = CustomerId.safeParse(text);
  const state = exact.success ? await findState(parts, exact.data) : undefined;
  if (state !== undefined) return { found: [foundOf(state.customer, profileOf(state.records))], complete: true };
  const found: FoundCustomer[] = [];
  let [looked, after]: [number, string | undefined] = [0, undefined];
  do {
    const page = await customers.listCustomers(tenant, after, pageSize);
    const states = await customers.findAll(tenant, page.customers);
    found.push(
      ...[...states.values()].map((each) => foundOf(each.customer, profileOf(each.records))).filter(fits(text)),
    );
    looked += page.customers.length;
    after = page.next;
  } while (after !== undefined && found.length < limit && looked < mostLookedThrough);
  return { found: found.slice(0, limit), complete: after === undefined };
};

const fits = (text: string): ((found: FoundCustomer) => boolean) => {
  const wanted = text.toLowerCase();
  return ({ customer, name }) =>
    customer.toLowerCase().endsWith(wanted) || name?.toLowerCase().includes(wanted) === true;
};
