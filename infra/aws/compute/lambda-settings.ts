import { aws_lambda as lambda } from 'aws-cdk-lib';
import type { ComputeSettings } from './compute-settings.ts';

/** What is the same for every function of a stage. */
export const lambdaSettings = ({ stage, holdings }: Pick<ComputeSettings, 'stage' | 'holdings'>) => ({
  handler: 'index.handler',
  runtime: lambda.Runtime.NODEJS_24_X,
  architecture: stage.architecture === 'arm64' ? lambda.Architecture.ARM_64 : lambda.Architecture.X86_64,
  // our lines are JSON already. They are kept or dropped by LOG_LEVEL: by Lambda's own words for levels all of them are INFO
  loggingFormat: lambda.LoggingFormat.JSON,
  applicationLogLevelV2: lambda.ApplicationLogLevel.INFO,
  systemLogLevelV2: tellsCalls(stage.logLevel) ? lambda.SystemLogLevel.INFO : lambda.SystemLogLevel.WARN,
  tracing: stage.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
  ...(holdings.key === undefined ? {} : { environmentEncryption: holdings.key }),
});

/** Whether Lambda's own lines, two a call, are wanted. */
const tellsCalls = (level: ComputeSettings['stage']['logLevel']): boolean => level === 'debug' || level === 'info';
