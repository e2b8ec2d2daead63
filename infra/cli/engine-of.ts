import { EngineEnvironment, engineIn } from '../../shared/definitions/deployment.ts';
import { type Engine, KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';

/**
 * The Kafka and DynamoDB of a workspace, with what the environment says before it. A workspace that names another engine has
 * the defaults of this one.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the variable.
 */
export const engineOf = (
  engine: Engine,
  environment: Readonly<Record<string, string | undefined>>,
): KafkaDynamoDbEngine => {
  const parsed = EngineEnvironment.safeParse(environment);
  if (!parsed.success)
    throw new PipelineError(
      'CONFIG_INVALID',
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      { retryable: false },
    );
  const settings = engine.type === 'kafka-dynamodb' ? engine : KafkaDynamoDbEngine.parse({ type: 'kafka-dynamodb' });
  return engineIn(settings, parsed.data);
};
