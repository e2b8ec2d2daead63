import { KafkaDynamoDbEngine } from '#shared/definitions/engine.ts';

/** Topics and a table of one run's own. */
export const clusterEngine = ({ brokers, endpoint, run }: { brokers: string; endpoint: string; run: string }) =>
  KafkaDynamoDbEngine.parse({
    type: 'kafka-dynamodb',
    kafka: { brokers: brokers.split(','), prefix: `${run}.`, partitions: 6, replicationFactor: 1 },
    dynamodb: { table: run, endpoint },
  });
