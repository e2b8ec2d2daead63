import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { NoSecret, SecretsDesk } from '../../cli/secrets-desk.ts';

const Texts = z.record(z.string(), z.string());

export const openSecretsManager = (region: string): SecretsDesk => {
  const client = new SecretsManagerClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const read: SecretsDesk['read'] = async (id) => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: id }));
      const values = Texts.safeParse(jsonIn(SecretString));
      return values.success ? { outcome: 'read', values: values.data } : { outcome: 'unreadable' };
    } catch (error) {
      return failureOf(error);
    }
  };
  return {
    read,
    set: async (id, name, value) => {
      const found = await read(id);
      if (found.outcome !== 'read') return found;
      try {
        const SecretString = JSON.stringify({ ...found.values, [name]: value });
        await client.send(new PutSecretValueCommand({ SecretId: id, SecretString }));
        return { outcome: 'put' };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => client.destroy(),
  };
};

const failureOf = (error: unknown): NoSecret => {
  if (error instanceof ResourceNotFoundException) return { outcome: 'absent' };
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof SecretsManagerServiceException && error.$fault === 'client')
    return { outcome: 'refused', reason };
  // before any request was made
  if (error instanceof Error && error.name === 'CredentialsProviderError') return { outcome: 'refused', reason };
  return { outcome: 'unreachable', reason };
};

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // what fails quotes the text: nothing of it may go any further
    return undefined;
  }
};
