import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { openReader } from '#infra/node/open-reader.ts';
import { startWorker } from '#infra/node/start-worker.ts';
import { dynamoDbCustomerStore } from '#shared/adapters/dynamodb/customers/customer-store.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';
import { functionNames } from '#shared/definitions/functions.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { rankedShopModel, shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { client, freshTable } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

/** A shop whose customers are ranked, on topics and a table of its own; workers and reader end with the test. */
export const openRankedWorkers = async (name: string) => {
  const [prefix, table] = [`${name}-${randomUUID().slice(0, 8)}.`, await freshTable()];
  const brokers = engineAddress('KAFKA_BROKERS').split(',');
  await createTopics({ brokers, prefix, clientId: 'test', log: quietLog() }, { partitions: 3, replicationFactor: 1 });
  const engine = KafkaDynamoDbEngine.parse({
    type: 'kafka-dynamodb',
    kafka: { brokers, prefix },
    dynamodb: { table, endpoint: engineAddress('DYNAMODB_ENDPOINT') },
  });
  const shop = shopWorkspace({ folder: temporaryFolder(), model: rankedShopModel });
  const loaded = { ...shop, workspace: { ...shop.workspace, engine } };
  const start = async (more: Partial<Parameters<typeof startWorker>[1]> = {}) => {
    const worker = await startWorker(loaded, { functions: functionNames, engine, port: 0, log: quietLog(), ...more });
    onTestFinished(() => worker.stop());
    return worker;
  };
  const reader = await openReader(loaded, engine);
  onTestFinished(() => reader.close());
  return { loaded, engine, start, reader, customers: dynamoDbCustomerStore({ client, table }) };
};
