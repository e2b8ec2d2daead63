import { aws_dynamodb as dynamodb, type aws_kms as kms, RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { table as definition } from '../../../shared/definitions/table.ts';
import { acknowledge } from '../acknowledge.ts';
import type { OfStage } from '../parts.ts';

/** The one table, `regrade-<stage>`. Its name and keys can never change: another name is another table. */
export const customerTable = (
  scope: Construct,
  { stageName, stage }: OfStage,
  key: kms.IKey | undefined,
): dynamodb.ITableV2 => {
  const { deletionProtection, pointInTimeRecovery, maxReadUnits, maxWriteUnits } = stage.table;
  // of the table and of each index, which are counted apart
  const most = {
    ...(maxReadUnits === undefined ? {} : { maxReadRequestUnits: maxReadUnits }),
    ...(maxWriteUnits === undefined ? {} : { maxWriteRequestUnits: maxWriteUnits }),
  };
  const made = new dynamodb.TableV2(scope, 'Table', {
    tableName: `regrade-${stageName}`,
    partitionKey: text(definition.partitionKey),
    sortKey: text(definition.sortKey),
    timeToLiveAttribute: definition.timeToLive,
    globalSecondaryIndexes: Object.values(definition.indexes).map((index) => ({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      sortKey: { name: index.sortKey, type: dynamodb.AttributeType.NUMBER },
      projectionType: dynamodb.ProjectionType.KEYS_ONLY,
      ...most,
    })),
    billing: dynamodb.Billing.onDemand(most),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    deletionProtection,
    encryption:
      key === undefined
        ? dynamodb.TableEncryptionV2.dynamoOwnedKey()
        : dynamodb.TableEncryptionV2.customerManagedKey(key),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  if (!pointInTimeRecovery)
    acknowledge(made, { 'AwsSolutions-DDB3': 'The stage file says table.pointInTimeRecovery: false, with a warning' });
  return dynamodb.TableV2.fromTableAttributes(scope, 'TableReference', {
    tableName: made.tableName,
    globalIndexes: Object.values(definition.indexes).map((index) => index.name),
    ...(key === undefined ? {} : { encryptionKey: key }),
  });
};

const text = (name: string): dynamodb.Attribute => ({ name, type: dynamodb.AttributeType.STRING });
