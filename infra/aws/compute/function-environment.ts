import type { Deployment } from '../../../shared/definitions/deployment.ts';
import { type FunctionName, functions } from '../../../shared/definitions/functions.ts';
import { authorityPrefix, streamPrefix } from '../config/engine-of-stage.ts';
import { talksToBrokers } from '../config/placement.ts';
import type { Holdings } from '../parts.ts';
import type { ComputeSettings } from './compute-settings.ts';
import { ownSecretsOf } from './grants.ts';
import { takesAnswers } from './takes-answers.ts';

/** The compiled workspace, beside the function's code. */
export const workspaceFileName = 'workspace.json';

/** Namespace of the figures in CloudWatch. */
export const metricsNamespaceOf = (stageName: string): string => `Regrade/${stageName}`;

/** What a function's environment says: names of `Deployment` alone, and nothing that is secret. */
export const environmentOf = (
  name: FunctionName,
  { stageName, stage, holdings }: Pick<ComputeSettings, 'stageName' | 'stage' | 'holdings'>,
): Readonly<Partial<Record<keyof Deployment, string>>> => {
  const secrets = secretSourcesOf(name, holdings);
  return {
    REGRADE_WORKSPACE: workspaceFileName,
    DYNAMODB_TABLE: holdings.table.tableName,
    LOG_LEVEL: stage.logLevel,
    METRICS_NAMESPACE: metricsNamespaceOf(stageName),
    ...(talksToBrokers(name) ? { KAFKA_BROKERS: holdings.brokers.bootstrap } : {}),
    ...(secrets.length === 0 ? {} : { REGRADE_SECRETS: secrets.join(',') }),
    // where Lambda does not look at what is listed, it would be lost
    ...(functions[name].calledBy.kind === 'topic' && !takesAnswers(stage) ? { FAILED_RECORDS: 'thrown' } : {}),
  };
};

const secretSourcesOf = (name: FunctionName, holdings: Holdings): readonly string[] => {
  const own = ownSecretsOf(name, holdings);
  if (!talksToBrokers(name)) return own;
  const { secrets, authority } = holdings;
  const prefixed = (prefix: string, arn: string | undefined): readonly string[] =>
    arn === undefined ? [] : [`${prefix}=${arn}`];
  return [
    ...own,
    ...prefixed(streamPrefix, secrets.stream?.secretArn),
    ...prefixed(authorityPrefix, authority?.secretArn),
  ];
};
