import type { KafkaSettings } from '../../../shared/definitions/engine.ts';
import { SecretRef } from '../../../shared/definitions/secret-ref.ts';
import { environmentWith } from '../../../shared/runtime/kept-secrets.ts';
import type { LoadedWorkspace } from '../workspace/load-workspace.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment that the brokers' settings are read in: this one, with what AWS keeps of the names that they refer to and it does
 * not have. AWS is asked only for those.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, `STORE_UNAVAILABLE`, naming the secret.
 */
export const engineEnvironment = async (
  { engineSecrets = [] }: Pick<LoadedWorkspace, 'engineSecrets'>,
  kafka: KafkaSettings,
  environment: Environment = process.env,
): Promise<Environment> => {
  const missing = namesIn([kafka.tls, kafka.sasl]).filter((name) => (environment[name] ?? '') === '');
  const wanted = engineSecrets.filter((source) => missing.some((name) => belongsTo(source, name, engineSecrets)));
  if (wanted.length === 0) return environment;
  const { readSecrets } = await import('../../../shared/adapters/secrets-manager/read-secrets.ts');
  return { ...environmentWith({}, await readSecrets(wanted)), ...environment };
};

interface Prefixed {
  readonly prefix: string;
}

/** One prefix may begin another: a name belongs to the longest. */
const belongsTo = ({ prefix }: Prefixed, name: string, all: readonly Prefixed[]): boolean =>
  name.startsWith(prefix) && !all.some((other) => other.prefix.length > prefix.length && name.startsWith(other.prefix));

const namesIn = (value: unknown): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const ref = SecretRef.safeParse(value);
  if (ref.success) return 'env' in ref.data ? [ref.data.env] : [];
  return Object.values(value).flatMap(namesIn);
};
