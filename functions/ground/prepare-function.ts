import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { answerFailed, throwFailed } from '../../shared/adapters/lambda/failed-records.ts';
import type { Invocation } from '../../shared/adapters/lambda/invocation.ts';
import { Deployment, engineIn } from '../../shared/definitions/deployment.ts';
import type { SecretRef } from '../../shared/definitions/secret-ref.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { emfMetrics } from '../../shared/runtime/emf-metrics.ts';
import type { KeptSecret } from '../../shared/runtime/kept-secrets.ts';
import { lineLogger } from '../../shared/runtime/line-logger.ts';
import { logTrail } from '../../shared/runtime/log-trail.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { compiledRates } from './compiled-rates.ts';
import { CompiledWorkspace } from './compiled-workspace.ts';
import { connectTable } from './connect-table.ts';

/**
 * What a Lambda function has in hand before its first event, but for the stream: its settings and secrets read, the table's client
 * opened. Lines go straight to standard output, since the process may be frozen after any answer.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the variable, the secret or the place in the workspace, or `STORE_UNAVAILABLE`: the
 * function does not start.
 */
export const prepareFunction = async () => {
  const deployment = readDeployment(process.env);
  const clock = systemClock;
  let requestId: string | undefined;
  const log = lineLogger({
    ...{ level: deployment.LOG_LEVEL, write, wallNow: clock.wallNow },
    bound: () => (requestId === undefined ? {} : { requestId }),
  });
  const file = resolve(deployment.REGRADE_WORKSPACE);
  const compiled = readWorkspace(file);
  const { workspace, models, playbooks } = compiled;
  if (workspace.engine.type !== 'kafka-dynamodb')
    throw invalid('engine.type must be kafka-dynamodb for functions on AWS');
  const engine = engineIn(workspace.engine, deployment);
  const readKept = (signal?: AbortSignal): Promise<readonly KeptSecret[]> =>
    readAll(deployment.REGRADE_SECRETS, signal);
  const secretsIn =
    (kept: readonly KeptSecret[]) =>
    (ref: SecretRef): string =>
      resolveSecret(ref, { folder: dirname(file), kept });
  return {
    ...{ workspace, models, playbooks, engine, log, clock, readKept, secretsIn },
    trail: logTrail(log),
    tenant: TenantId.parse(workspace.tenant),
    metrics: emfMetrics({ namespace: deployment.METRICS_NAMESPACE, write, wallNow: clock.wallNow }),
    resolveSecret: secretsIn(await readKept()),
    client: connectTable(engine.dynamodb),
    table: engine.dynamodb.table,
    prefix: engine.kafka.prefix,
    // a file of many years takes longer to read than all the rest: only who converts reads it
    readRates: () => compiledRates(compiled),
    alarms: { channel: deployment.ALARM_CHANNEL, recipients: deployment.ALARM_RECIPIENTS },
    answer: deployment.FAILED_RECORDS === 'thrown' ? throwFailed : answerFailed,
    /** From now on lines bear the id of this invocation. */
    begin: ({ awsRequestId }: Pick<Invocation, 'awsRequestId'>): void => {
      requestId = awsRequestId;
    },
  };
};

export type Prepared = Awaited<ReturnType<typeof prepareFunction>>;

/** Pipes are written synchronously: nothing is left in memory when an answer is given. */
const write = (line: string): void => {
  process.stdout.write(line);
};

/** Who has no secrets of this kind does without the client for them. */
const readAll = async (
  sources: Deployment['REGRADE_SECRETS'],
  signal: AbortSignal | undefined,
): Promise<readonly KeptSecret[]> => {
  if (sources.length === 0) return [];
  const { readSecrets } = await import('../../shared/adapters/secrets-manager/read-secrets.ts');
  return readSecrets(sources, signal);
};

const readDeployment = (environment: NodeJS.ProcessEnv): Deployment => {
  const parsed = Deployment.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`).join('; '));
};

const readWorkspace = (file: string): CompiledWorkspace => {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(`REGRADE_WORKSPACE: ${file} cannot be read as a compiled workspace`, cause);
  }
  const parsed = CompiledWorkspace.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`REGRADE_WORKSPACE: ${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
};

const invalid = (message: string, cause?: unknown): PipelineError =>
  new PipelineError('CONFIG_INVALID', message, { retryable: false, cause });
