import { describe, expect, it, onTestFinished } from 'vitest';
import { connectKafka } from '#shared/adapters/kafka/connect.ts';
import { type KafkaSignIn, tlsOf } from '#shared/adapters/kafka/sign-in.ts';
import { kafkaSockets } from '#shared/adapters/kafka/sockets.ts';
import { quietLog } from '../../kit/quiet-log.ts';
import { startSignInServer } from './sign-in-server.ts';

/** What a broker gets to see of a sign-in. */
const signIn = async (sasl: KafkaSignIn): Promise<readonly [mechanism: string, proof: string]> => {
  const server = await startSignInServer();
  const sockets = kafkaSockets();
  const connection = { brokers: [server.address], clientId: 'regrade-test', log: quietLog(), sasl };
  const connected = connectKafka(connection, sockets).admin().connect();
  const ended = connected.catch(() => undefined);
  onTestFinished(async () => {
    sockets.abandon();
    await ended;
  });
  return server.signedIn;
};

describe('a sign-in', () => {
  it('by AWS IAM brings a fresh token as its bearer', async () => {
    const [mechanism, proof] = await signIn({
      mechanism: 'msk-iam',
      region: 'eu-west-1',
      credentials: async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    });
    expect(mechanism).toBe('OAUTHBEARER');
    const [, token = ''] = /^n,,\u0001auth=Bearer ([A-Za-z0-9_-]+)\u0001\u0001$/.exec(proof) ?? [];
    const url = new URL(Buffer.from(token, 'base64url').toString('utf8'));
    expect(url.host).toBe('kafka.eu-west-1.amazonaws.com');
    expect(url.searchParams.get('X-Amz-Credential')).toMatch(/^AKIDEXAMPLE\/\d{8}\/eu-west-1\/kafka-cluster\//);
  });

  it('by plain brings name and password', async () => {
    expect(await signIn({ mechanism: 'plain', username: 'worker', password: 'päss' })).toEqual([
      'PLAIN',
      '\u0000worker\u0000päss',
    ]);
  });

  it.each(['scram-sha-256', 'scram-sha-512'] as const)(
    'by %s brings the name and never the password',
    async (mechanism) => {
      const [named, proof] = await signIn({ mechanism, username: 'worker', password: 'secret' });
      expect(named).toBe(mechanism.toUpperCase());
      expect(proof).toMatch(/^n,,n=worker,r=.+$/);
    },
  );
});

describe('tlsOf', () => {
  it('trusts the system by default, and whom it is told to', () => {
    expect(tlsOf(false)).toBe(false);
    expect(tlsOf(true)).toEqual({});
    expect(tlsOf({ ca: 'a' })).toEqual({ ca: 'a' });
    expect(tlsOf({ certificate: 'c', key: 'k' })).toEqual({ cert: 'c', key: 'k' });
  });
});
