import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSecrets } from '#shared/adapters/secrets-manager/read-secrets.ts';
import {
  type SecretsManagerStandIn,
  secretArn,
  startSecretsManagerStandIn,
} from '../../kit/secrets-manager-stand-in.ts';

let manager: SecretsManagerStandIn;
beforeEach(async () => {
  manager = await startSecretsManagerStandIn();
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await manager.stop();
});

const crm = { arn: secretArn('regrade/prod/crm'), prefix: '' };

describe('readSecrets', () => {
  it('reads what each secret holds, under the name people know it by', async () => {
    manager.put(crm.arn, '{"ID":"1000.A","SECRET":"s"}');
    const stream = { arn: secretArn('AmazonMSK_regrade'), prefix: 'KAFKA_' };
    manager.put(stream.arn, '{"username":"u","port":9096,"password":"p"}');
    expect(await readSecrets([crm, stream])).toEqual([
      { name: 'regrade/prod/crm', prefix: '', values: { ID: '1000.A', SECRET: 's' } },
      { name: 'AmazonMSK_regrade', prefix: 'KAFKA_', values: { username: 'u', password: 'p' } },
    ]);
  });

  it.each(['', 'plain-text-password', '["a"]', 'null', '"text"'])('refuses %j without showing it', async (text) => {
    manager.put(crm.arn, text);
    await expect(readSecrets([crm])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      retryable: false,
      message: 'the secret regrade/prod/crm is no JSON object: write {"NAME":"value"}',
      cause: undefined,
    });
  });

  it('names a secret that is not there, or may not be read', async () => {
    const refused = (why: string) => ({
      code: 'CONFIG_INVALID',
      message: `the secret regrade/prod/crm cannot be read: ${why}`,
    });
    await expect(readSecrets([crm])).rejects.toMatchObject(refused('ResourceNotFoundException'));
    manager.answerWith({ status: 400, type: 'AccessDeniedException' });
    await expect(readSecrets([crm])).rejects.toMatchObject(refused('AccessDeniedException'));
  });

  it('says that it may pass where the service fails, is throttled or does not answer', async () => {
    const passing = { code: 'STORE_UNAVAILABLE', retryable: true };
    manager.answerWith({ status: 500, type: 'InternalServiceError' });
    await expect(readSecrets([crm])).rejects.toMatchObject(passing);
    manager.answerWith({ status: 400, type: 'ThrottlingException' });
    await expect(readSecrets([crm])).rejects.toMatchObject(passing);
    expect(manager.asked()).toHaveLength(6);
    await expect(readSecrets([crm], AbortSignal.abort())).rejects.toMatchObject(passing);
  });
});
