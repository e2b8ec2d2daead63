import { kafkaConnectionOf } from '#functions/ground/kafka-connection.ts';
import { openGround } from '#functions/ground/open-ground.ts';
import { positions } from '#infra/node/positions.ts';
import { createTable } from '#shared/adapters/dynamodb/table/create-table.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { kafkaOffsets } from '#shared/adapters/kafka/offsets.ts';
import type { KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';
import { topics } from '#shared/definitions/topics.ts';
import { type CustomerId, TenantId } from '#shared/domain/ids.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { createLogger } from '#shared/runtime/logger.ts';
import { resolveSecret } from '#shared/runtime/secrets.ts';
import { reviewOf } from '#shared/usecases/keep-time.ts';

const tenant = TenantId.parse('default');
const patienceMs = 420_000;

/** The proof's own, faultless way to the stream and the stores. */
export const openCluster = async (folder: string, engine: KafkaDynamoDbEngine) => {
  const log = createLogger('proof', { level: 'silent' });
  const secrets = (ref: Parameters<typeof resolveSecret>[0]) => resolveSecret(ref, { folder });
  const around = { log, resolveSecret: secrets, clientId: 'regrade-proof' };
  const ground = openGround({ ...around, engine, tenant, clock: systemClock, metrics: noMetrics });
  const connection = kafkaConnectionOf(engine.kafka, { ...around, credentials: ground.client.config.credentials });
  const offsets = kafkaOffsets(connection);

  const listAll = async (): Promise<readonly CustomerId[]> => {
    const all: CustomerId[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await ground.customers.listCustomers(tenant, after, 500);
      all.push(...page.customers);
      after = page.next;
    }
    return all;
  };
  /** What is still to be done, in words, or nothing. */
  const left = async (): Promise<string | undefined> => {
    for (const { topic, group } of positions) {
      const lag = await offsets.lagOf(topic, group);
      if (lag > 0) return `${lag} records before ${group}`;
    }
    const spilled = [...(await ground.spill.count()).values()].reduce((a, b) => a + b, 0);
    if (spilled > 0) return `${spilled} hints in the spill`;
    const later = { business: Date.now() + 60_000, wall: Date.now() + 60_000 };
    const states = await ground.actions.findStates(await listAll());
    const open = [...states.values()].filter(({ windows }) => Object.keys(windows).length > 0).length;
    if (open > 0) return `${open} settle windows`;
    const counts = await ground.actions.countDeliveries();
    const waiting = counts.filter(({ status, deliveries }) => deliveries > 0 && isOpen(status));
    if (waiting.length > 0)
      return waiting.map(({ channel, status, deliveries }) => `${deliveries} ${channel} ${status}`).join(', ');
    const owing = await ground.customers.findUnpublished(tenant, later.business, 1);
    const owed = await ground.records.findUnpublished(tenant, later.business, 1);
    return owing.length + owed.length > 0 ? 'unpublished messages' : undefined;
  };
  return {
    ...ground,
    tenant,
    listAll,
    setUp: async (): Promise<void> => {
      await createTopics(connection, engine.kafka);
      await createTable(ground.client, engine.dynamodb.table);
    },
    /** Resolves when nothing is left to do, twice in a row. */
    settled: async (onProgress?: (text: string) => void): Promise<void> => {
      const until = Date.now() + patienceMs;
      for (let calm = 0; calm < 2; ) {
        const rest = await left().catch((error: unknown) => String(error));
        calm = rest === undefined ? calm + 1 : 0;
        if (rest !== undefined) onProgress?.(`left: ${rest}`);
        if (Date.now() > until) throw new Error(`still not settled: ${rest ?? 'unsteady'}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    reviewEveryone: async (asOf: number): Promise<void> => {
      const customers = await listAll();
      await ground.stream.append(
        topics.events,
        customers.map((customer) => reviewOf(tenant, customer, asOf)),
      );
    },
  };
};

export type Cluster = Awaited<ReturnType<typeof openCluster>>;

const isOpen = (status: string): boolean => ['pending', 'sending', 'retry', 'unknown'].includes(status);
