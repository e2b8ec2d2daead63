import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { KeptSecret } from '../../runtime/kept-secrets.ts';

export interface SecretSource {
  readonly arn: string;
  /** Stands before the names that it holds. */
  readonly prefix: string;
}

/**
 * What secrets of AWS Secrets Manager hold, each a JSON object; what in it is no text is passed over. The endpoint can be another:
 * `AWS_ENDPOINT_URL_SECRETS_MANAGER`. The signal ends the wait.
 *
 * @throws {PipelineError} `CONFIG_INVALID`, naming the secret, for one that is not there, may not be read or is no JSON object;
 * `STORE_UNAVAILABLE`, retryable, where nobody answers.
 */
export const readSecrets = async (
  sources: readonly SecretSource[],
  signal?: AbortSignal,
): Promise<readonly KeptSecret[]> => {
  const clients = new Map<string, SecretsManagerClient>();
  const clientIn = (region: string): SecretsManagerClient => {
    const client = clients.get(region) ?? connect(region);
    clients.set(region, client);
    return client;
  };
  try {
    return await Promise.all(sources.map((source) => readSecret(clientIn(regionOf(source.arn)), source, signal)));
  } finally {
    for (const client of clients.values()) client.destroy();
  }
};

/** A function has ten seconds to start. */
const connect = (region: string): SecretsManagerClient =>
  new SecretsManagerClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** A secret is known by the end of its ARN, without the six characters that AWS adds. */
const nameOf = (arn: string): string =>
  arn
    .split(':')
    .slice(6)
    .join(':')
    .replace(/-[A-Za-z0-9]{6}$/, '');

/** What asking again will not change. */
const lasting: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

const readSecret = async (
  client: SecretsManagerClient,
  { arn, prefix }: SecretSource,
  signal: AbortSignal | undefined,
): Promise<KeptSecret> => {
  const name = nameOf(arn);
  return { name, prefix, values: textsIn(name, await textOf(client, arn, signal)) };
};

const textOf = async (client: SecretsManagerClient, arn: string, signal: AbortSignal | undefined): Promise<string> => {
  try {
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: arn }),
      signal === undefined ? {} : { abortSignal: signal },
    );
    return SecretString;
  } catch (cause) {
    if (cause instanceof PipelineError) throw cause;
    const name = nameOf(arn);
    if (cause instanceof SecretsManagerServiceException && lasting.has(cause.name))
      throw invalid(`the secret ${name} cannot be read: ${cause.name}`, cause);
    throw new PipelineError(
      'STORE_UNAVAILABLE',
      `the secret ${name} could not be read: Secrets Manager does not answer`,
      {
        retryable: true,
        cause,
      },
    );
  }
};

const textsIn = (name: string, text: string): Readonly<Record<string, string>> => {
  const json = jsonIn(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw invalid(`the secret ${name} is no JSON object: write {"NAME":"value"}`);
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : [])),
  );
};

/** What fails quotes the text: nothing of it may go any further. */
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const invalid = (message: string, cause?: unknown): PipelineError =>
  new PipelineError('CONFIG_INVALID', message, { retryable: false, cause });
