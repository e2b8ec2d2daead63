import { describe, expect, it, onTestFinished } from 'vitest';
import { engineEnvironment } from '#infra/node/readers/engine-secrets.ts';
import { KafkaSettings } from '#shared/definitions/engine.ts';
import { secretArn, startSecretsManagerStandIn } from '../kit/secrets-manager-stand-in.ts';

const kafka = KafkaSettings.parse({
  brokers: ['k:9092'],
  tls: { ca: { env: 'KAFKA_CA_certificate' } },
  sasl: { mechanism: 'plain', username: { env: 'KAFKA_username' }, password: { env: 'KAFKA_password' } },
});
const [signIn, authority] = [secretArn('kafka'), secretArn('authority')];
const engineSecrets = [
  { prefix: 'KAFKA_', arn: signIn },
  { prefix: 'KAFKA_CA_', arn: authority },
];

const keeping = async () => {
  const standIn = await startSecretsManagerStandIn();
  onTestFinished(() => standIn.stop());
  standIn.put(signIn, JSON.stringify({ username: 'worker', password: 'kept' }));
  standIn.put(authority, JSON.stringify({ certificate: 'pem' }));
  const before = { ...process.env };
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: standIn.url, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
  });
  onTestFinished(() => {
    process.env = before;
  });
  return standIn;
};

describe('engineEnvironment', () => {
  it('adds what AWS keeps, under the names that the engine refers to', async () => {
    await keeping();
    expect(await engineEnvironment({ engineSecrets }, kafka, { PATH: '/bin' })).toEqual({
      ...{ PATH: '/bin', KAFKA_username: 'worker', KAFKA_password: 'kept', KAFKA_CA_certificate: 'pem' },
    });
  });

  it('lets the environment go first, and asks for nothing that it has', async () => {
    const standIn = await keeping();
    const own = { KAFKA_username: 'me', KAFKA_password: 'mine' };
    expect(await engineEnvironment({ engineSecrets }, kafka, own)).toMatchObject({
      ...{ KAFKA_username: 'me', KAFKA_password: 'mine', KAFKA_CA_certificate: 'pem' },
    });
    expect(standIn.asked()).toEqual([authority]);
  });

  it('asks nobody for an engine that keeps nothing there', async () => {
    expect(await engineEnvironment({}, kafka, { PATH: '/bin' })).toEqual({ PATH: '/bin' });
  });
});
