import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Deployment, engineIn } from '../../shared/definitions/deployment.ts';
import { TenantId } from '../../shared/domain/ids.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { systemClock } from '../../shared/runtime/clocks.ts';
import { emfMetrics } from '../../shared/runtime/emf-metrics.ts';
import { lineLogger } from '../../shared/runtime/line-logger.ts';
import { resolveSecret } from '../../shared/runtime/secrets.ts';
import { compiledRates } from './compiled-rates.ts';
import { CompiledWorkspace } from './compiled-workspace.ts';
import { openFooting } from './open-footing.ts';

/**
 * What a Lambda function has in hand before its first event: its settings read, stream and client opened. Lines go straight
 * to standard output, since the process may be frozen after any answer.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the variable or the place in the workspace: the function does not start.
 */
export const startFunction = (name: string) => {
  const deployment = readDeployment(process.env);
  const log = lineLogger({ level: deployment.LOG_LEVEL, write, wallNow: systemClock.wallNow });
  const file = resolve(deployment.REGRADE_WORKSPACE);
  const compiled = readWorkspace(file);
  const { workspace, models, playbooks } = compiled;
  const { engine } = workspace;
  if (engine.type !== 'kafka-dynamodb') throw invalid('engine.type must be kafka-dynamodb for functions on AWS');
  const metrics = emfMetrics({ namespace: 'Regrade', write, wallNow: systemClock.wallNow });
  const shared = {
    tenant: TenantId.parse(workspace.tenant),
    clock: systemClock,
    log,
    metrics,
    resolveSecret: (ref: Parameters<typeof resolveSecret>[0]): string => resolveSecret(ref, { folder: dirname(file) }),
  };
  const footing = openFooting({ ...shared, engine: engineIn(engine, deployment), clientId: name });
  // sockets and sign-in take longer than all the rest of a start: they need not wait for the first event
  footing.stream.connect();
  return {
    ...{ ...shared, ...footing, workspace, models, playbooks, prefix: engine.kafka.prefix },
    // a file of many years takes longer to read than all the rest: only who converts reads it
    readRates: () => compiledRates(compiled),
  };
};

/** Pipes are written synchronously: nothing is left in memory when an answer is given. */
const write = (line: string): void => {
  process.stdout.write(line);
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
