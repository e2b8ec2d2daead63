/** Which of AWS's partitions a region is of. */
export const partitionOf = (region: string): string => {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  return region.startsWith('us-iso-') ? 'aws-iso' : 'aws';
};

export const isInChina = (region: string): boolean => partitionOf(region) === 'aws-cn';

/** When the tables below were read. */
export const regionsReadIn = '2026-11';

/** docs.aws.amazon.com/msk/latest/developerguide/serverless.html names these and no others. */
const serverless = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'us-east-1',
  'us-east-2',
  'us-west-2',
]);

export const hasMskServerless = (region: string): boolean => serverless.has(region);

/** docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html names these as the ones without. */
const withoutFunctionUrls = new Set([
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
]);

/**
 * China and GovCloud have none either: docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html,
 * docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-lambda.html.
 */
export const hasFunctionUrls = (region: string): boolean =>
  partitionOf(region) === 'aws' && !withoutFunctionUrls.has(region);

/** X-Ray does not see functions in China: docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html. */
export const hasTracing = (region: string): boolean => !isInChina(region);

/**
 * Whether event source mappings for Kafka answer for single records, limit retries and share pollers: CloudFormation's own description of
 * `AWS::Lambda::EventSourceMapping` knows neither `PollerGroupName` nor `kafka://` in these regions.
 */
export const hasFailureControls = (region: string): boolean => !isInChina(region) && region !== 'il-central-1';
