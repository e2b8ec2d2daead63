import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Kafka, Kafka as KafkaClient, logLevel } from 'kafkajs';
import { secretArn } from '../kit/secrets-manager-stand-in.ts';
import { type EventSource, startEventSource } from './event-source.ts';
import { functionUrlEvent } from './function-url-event.ts';
import type { Invoked } from './lambda-environment.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';
import type { OnFailure } from './on-failure.ts';
import { type Deployed, readTemplates, type Templates } from './templates.ts';

export interface TemplatePlace {
  /** Of the synthesised app. */
  readonly assembly: string;
  readonly stacks: readonly string[];
  readonly brokers: readonly string[];
  readonly dynamoDb: DynamoDBClient;
  /** For copies of assets, and for what is given up. */
  readonly folder: string;
  /** Endpoints and credentials: all that is not as the templates say. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface DeployedTemplates {
  /** By the names that the templates give them. */
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  /** As the entry calls the function behind it. */
  post(path: string, body: string, headers: Readonly<Record<string, string>>): Promise<Invoked>;
  /** As the schedule does. */
  tick(): Promise<Invoked>;
  stop(): Promise<void>;
}

/** Topics, table, functions, mappings, entry and schedule of synthesised stacks, as their templates say, on engines of this machine. */
export const deployTemplates = async (place: TemplatePlace): Promise<DeployedTemplates> => {
  const { brokers } = place;
  const kafka = new KafkaClient({ brokers: [...brokers], clientId: 'event-source', logLevel: logLevel.NOTHING });
  const templates = readTemplates(place.assembly, place.stacks, ({ type, id, properties }) => {
    if (type === 'AWS::DynamoDB::GlobalTable') return String(properties['TableName']);
    if (type === 'AWS::SecretsManager::Secret') return secretArn(String(properties['Name']));
    return type === 'Custom::BootstrapBrokers' ? brokers.join(',') : arnOfResource(type, id);
  });
  await makeTopics(templates, kafka);
  await makeTable(templates, place.dynamoDb);
  const byArn = new Map(
    templates
      .ofType('AWS::Lambda::Function')
      .filter(({ properties }) => properties['Handler'] === 'index.handler' && 'FunctionName' in properties)
      .map((resource) => [arnOfResource(resource.type, resource.id), startFunction(resource, templates, place)]),
  );
  const functionAt = (arn: unknown): LambdaFunction => {
    const found = byArn.get(String(arn));
    if (found === undefined) throw new Error(`no function is ${String(arn)}`);
    return found;
  };
  const sources: EventSource[] = [];
  for (const { properties } of templates.ofType('AWS::Lambda::EventSourceMapping'))
    sources.push(await startMapping(properties, functionAt(properties['FunctionName']), kafka, place));
  const [integration] = templates.ofType('AWS::ApiGatewayV2::Integration');
  const [schedule] = templates.ofType('AWS::Scheduler::Schedule');
  return {
    functions: new Map([...byArn.values()].map((each) => [each.name, each])),
    post: (path, body, headers) =>
      functionAt(integration?.properties['IntegrationUri']).invoke(functionUrlEvent(path, body, headers)),
    tick: () => functionAt((schedule?.properties['Target'] as { Arn: string } | undefined)?.Arn).invoke({}),
    stop: async () => {
      await Promise.all(sources.map((source) => source.stop()));
      await Promise.all([...byArn.values()].map((each) => each.stop()));
    },
  };
};

const arnOfResource = (type: string, id: string): string => `arn:of:${type}:${id}`;

/** One broker stands for all: no record has a replica to wait for. */
const makeTopics = async (templates: Templates, kafka: Kafka): Promise<void> => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: templates.ofType('AWS::MSK::Topic').map(({ properties }) => ({
      topic: String(properties['TopicName']),
      numPartitions: Number(properties['PartitionCount']),
      replicationFactor: 1,
      configEntries: Buffer.from(String(properties['Configs']), 'base64')
        .toString()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('min.insync.replicas'))
        .map((line) => {
          const [name = '', value = ''] = line.split('=');
          return { name, value };
        }),
    })),
  });
  await admin.disconnect();
};

type Index = NonNullable<CreateTableCommandInput['GlobalSecondaryIndexes']>[number];

const makeTable = async (templates: Templates, client: DynamoDBClient): Promise<void> => {
  for (const { properties } of templates.ofType('AWS::DynamoDB::GlobalTable')) {
    const { TableName, KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes, TimeToLiveSpecification } =
      properties as unknown as CreateTableCommandInput & {
        TimeToLiveSpecification: { AttributeName: string; Enabled: boolean };
      };
    const indexes = (GlobalSecondaryIndexes ?? []).map(
      ({ IndexName, KeySchema, Projection }): Index => ({
        ...{ IndexName, KeySchema, Projection },
      }),
    );
    await client.send(
      new CreateTableCommand({
        ...{ TableName, KeySchema, AttributeDefinitions, BillingMode },
        GlobalSecondaryIndexes: indexes,
      }),
    );
    await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
};

const startFunction = ({ stack, properties }: Deployed, templates: Templates, place: TemplatePlace): LambdaFunction => {
  const name = String(properties['FunctionName']);
  const { S3Key } = properties['Code'] as { S3Key: string };
  const folder = join(place.folder, name);
  cpSync(templates.assetFolder(stack, S3Key), folder, { recursive: true });
  const { Variables } = properties['Environment'] as { Variables: Record<string, string> };
  signInToNobody(join(folder, Variables['REGRADE_WORKSPACE'] ?? ''));
  const [module = ''] = String(properties['Handler']).split('.');
  return lambdaFunction({
    name,
    file: join(folder, `${module}.mjs`),
    environment: { ...Variables, ...place.environment },
    timeoutMs: Number(properties['Timeout']) * 1_000,
  });
};

/** The broker of this machine knows no IAM. */
const signInToNobody = (file: string): void => {
  const compiled = JSON.parse(readFileSync(file, 'utf8')) as {
    workspace: { engine: { kafka: Record<string, unknown> } };
  };
  const { kafka } = compiled.workspace.engine;
  kafka['tls'] = false;
  delete kafka['sasl'];
  writeFileSync(file, JSON.stringify(compiled));
};

interface Mapping {
  readonly Topics: readonly [string];
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly MaximumRetryAttempts: number;
  readonly MaximumRecordAgeInSeconds: number;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: string } };
  readonly AmazonManagedKafkaEventSourceConfig: { readonly ConsumerGroupId: string };
}

const startMapping = (
  properties: Deployed['properties'],
  target: LambdaFunction,
  kafka: Kafka,
  { brokers, folder }: TemplatePlace,
): Promise<EventSource> => {
  const mapping = properties as unknown as Mapping;
  return startEventSource({
    ...{ kafka, brokers, target },
    topic: mapping.Topics[0],
    group: mapping.AmazonManagedKafkaEventSourceConfig.ConsumerGroupId,
    batchSize: mapping.BatchSize,
    windowMs: mapping.MaximumBatchingWindowInSeconds * 1_000,
    retryAttempts: mapping.MaximumRetryAttempts,
    maxRecordAgeMs: mapping.MaximumRecordAgeInSeconds * 1_000,
    onFailure: onFailureOf(mapping.DestinationConfig.OnFailure.Destination, folder),
  });
};

const onFailureOf = (destination: string, folder: string): OnFailure =>
  destination.startsWith('kafka://')
    ? { kind: 'kafka', topic: destination.slice('kafka://'.length) }
    : { kind: 's3', folder: join(folder, 'failures') };
