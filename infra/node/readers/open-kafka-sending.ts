import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbRelay } from '../../../shared/adapters/dynamodb/relay.ts';
import { kafkaStream } from '../../../shared/adapters/kafka/stream.ts';
import type { KafkaDynamoDbEngine } from '../../../shared/definitions/engine.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import { systemClock } from '../../../shared/runtime/clocks.ts';
import { appendByRelay } from '../../../shared/usecases/append-by-relay.ts';
import type { Sending, Way } from '../../cli/dead-desk.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';
import { brokersAnswer } from './brokers-answer.ts';
import { checkTable } from './check-table.ts';
import type { CommandConnections } from './connect-for-command.ts';

export interface SendingParts {
  readonly loaded: LoadedWorkspace;
  readonly engine: KafkaDynamoDbEngine;
  readonly client: DynamoDBClient;
  readonly kafka: CommandConnections['kafka'];
}

/**
 * To the brokers. By way of the table where that is asked for, or where they do not answer in time and nothing else is asked for.
 *
 * @throws {PipelineError} `CONFIG_INVALID` where the brokers refuse us, or there is no such table; `STORE_UNAVAILABLE`.
 */
export const openKafkaSending = async (parts: SendingParts, way: Way | undefined): Promise<Sending> => {
  const direct = way === 'stream' || (way === undefined && (await brokersAnswer(parts.kafka, parts.engine)));
  if (!direct) return byTable(parts);
  const stream = kafkaStream(await parts.kafka());
  return { stream, waits: false, close: () => stream.close() };
};

const byTable = async ({ loaded, engine, client }: SendingParts): Promise<Sending> => {
  const { table } = engine.dynamodb;
  await checkTable(client, table);
  const tenant = TenantId.parse(loaded.workspace.tenant);
  const relay = dynamoDbRelay({ client, table, tenant, uuid: randomUUID });
  return { stream: appendByRelay({ relay, clock: systemClock }), waits: true, close: async () => undefined };
};
