import { describe, expect, it } from 'vitest';
import { kafkaConnectionOf } from '#functions/ground/kafka-connection.ts';
import { KafkaSettings } from '#shared/definitions/engine.ts';
import { quietLog } from '../kit/quiet-log.ts';

const credentials = () => Promise.reject(new Error('not asked for'));
const around = {
  clientId: 'test',
  log: quietLog(),
  resolveSecret: (ref: object) => `the secret at ${JSON.stringify(ref)}`,
  credentials,
};
const of = (settings: object) => kafkaConnectionOf(KafkaSettings.parse({ brokers: ['a:9092'], ...settings }), around);

describe('kafkaConnectionOf', () => {
  it('is a connection without TLS and sign-in where none is asked for', () => {
    expect(of({ prefix: 'eu.' })).toEqual({
      ...{ brokers: ['a:9092'], prefix: 'eu.', clientId: 'test', log: around.log },
      tls: false,
    });
  });

  it('reads the certificates of TLS', () => {
    const tls = { ca: { file: 'ca.pem' }, certificate: { file: 'c.pem' }, key: { file: 'k.pem' } };
    expect(of({ tls }).tls).toEqual({
      ca: 'the secret at {"file":"ca.pem"}',
      certificate: 'the secret at {"file":"c.pem"}',
      key: 'the secret at {"file":"k.pem"}',
    });
    expect(of({ tls: true }).tls).toBe(true);
  });

  it('reads name and password of a sign-in', () => {
    const sasl = { mechanism: 'scram-sha-512', username: { env: 'U' }, password: { env: 'P' } };
    expect(of({ sasl }).sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'the secret at {"env":"U"}',
      password: 'the secret at {"env":"P"}',
    });
  });

  it('signs in to Amazon MSK with the credentials of the process', () => {
    const sasl = { mechanism: 'msk-iam', region: 'eu-central-1' };
    expect(of({ sasl }).sasl).toEqual({ mechanism: 'msk-iam', region: 'eu-central-1', credentials });
  });

  it('refuses a cluster without a broker and says where to name one', () => {
    expect(() => of({ brokers: [] })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('KAFKA_BROKERS') as string }),
    );
  });
});
