import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { KafkaConnection } from '#shared/adapters/kafka/connect.ts';
import { createTopics } from '#shared/adapters/kafka/create-topics.ts';
import { kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { readerOf } from '../contract/stream-reader.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { freePort } from './child-process.ts';
import { type OwnKafka, ownKafka } from './own-kafka.ts';

interface Secured {
  readonly password: string;
  readonly tls: string;
  readonly pem: (name: string) => string;
}

let broker: Secured;
let kafka: OwnKafka;

beforeAll(async () => {
  const password = `127.0.0.1:${await freePort()}`;
  const tls = `127.0.0.1:${await freePort()}`;
  kafka = await ownKafka(async (home) => {
    makeCertificates(home);
    const modules = 'org.apache.kafka.common.security';
    return {
      listeners: [
        { name: 'PASSWORD', protocol: 'SASL_PLAINTEXT', address: password },
        { name: 'TLS', protocol: 'SSL', address: tls },
      ],
      properties: [
        'listener.name.password.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
        `listener.name.password.plain.sasl.jaas.config=${modules}.plain.PlainLoginModule required user_worker="plain-secret";`,
        `listener.name.password.scram-sha-256.sasl.jaas.config=${modules}.scram.ScramLoginModule required;`,
        `listener.name.password.scram-sha-512.sasl.jaas.config=${modules}.scram.ScramLoginModule required;`,
        'listener.name.tls.ssl.keystore.type=PEM',
        `listener.name.tls.ssl.keystore.location=${join(home, 'server.pem')}`,
        'listener.name.tls.ssl.truststore.type=PEM',
        `listener.name.tls.ssl.truststore.location=${join(home, 'ca.crt')}`,
        'listener.name.tls.ssl.client.auth=required',
      ],
      format: [256, 512].flatMap((bits) => ['--add-scram', `SCRAM-SHA-${bits}=[name=worker,password=scram-secret]`]),
    };
  });
  broker = { password, tls, pem: (name) => readFileSync(join(kafka.folder, name), 'utf8') };
}, 120_000);
afterAll(() => kafka.close(), 30_000);

/** An authority, and what it signed for the broker and for one client. */
const makeCertificates = (folder: string): void => {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test-authority');
  for (const name of ['server', 'client']) {
    const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1'];
    openssl('req', '-x509', ...key, ...signed, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`);
  }
  const chain = ['server.key', 'server.crt'].map((name) => readFileSync(join(folder, name), 'utf8'));
  writeFileSync(join(folder, 'server.pem'), chain.join(''));
};

let opened = 0;

const connectionTo = (address: string, way: Pick<KafkaConnection, 'sasl' | 'tls'>): KafkaConnection => ({
  brokers: [address],
  clientId: 'regrade-test',
  log: quietLog(),
  prefix: `s${(opened += 1)}.`,
  ...way,
});

const expectService = async (connection: KafkaConnection): Promise<void> => {
  await createTopics(connection, { partitions: 1, replicationFactor: 1 });
  const stream = kafkaStream({ ...connection, retryAfterMs: 20, maxWaitMs: 50 });
  onTestFinished(() => stream.close());
  await stream.append(topics.events, [{ key: 'k', value: 'v' }]);
  const reader = readerOf(stream);
  await reader.start();
  await reader.sees(1);
  expect(reader.values()).toEqual(['v']);
};

const expectRefusal = async (connection: KafkaConnection, code: string): Promise<void> => {
  await expect(createTopics(connection, { partitions: 1, replicationFactor: 1 })).rejects.toMatchObject({ code });
  const stream = kafkaStream(connection);
  onTestFinished(() => stream.close());
  const subscription = { topic: topics.events, group: groups.gradeCustomers, batchSize: 1 };
  await expect(stream.subscribe(subscription, async () => undefined)).rejects.toMatchObject({ code });
  await expect(stream.append(topics.events, [{ key: 'k', value: 'v' }])).rejects.toMatchObject({
    code,
  });
};

describe('a cluster that asks for a password', () => {
  it.each(['scram-sha-512', 'scram-sha-256'] as const)('is served by %s', async (mechanism) => {
    await expectService(
      connectionTo(broker.password, { sasl: { mechanism, username: 'worker', password: 'scram-secret' } }),
    );
  });

  it('is served by plain', async () => {
    const sasl = { mechanism: 'plain', username: 'worker', password: 'plain-secret' } as const;
    await expectService(connectionTo(broker.password, { sasl }));
  });

  it('is a matter of settings when it refuses ours, and the password is in no log', async () => {
    const sasl = { mechanism: 'scram-sha-512', username: 'worker', password: 'wrong-secret' } as const;
    const log = quietLog();
    await expectRefusal({ ...connectionTo(broker.password, { sasl }), log }, 'CONFIG_INVALID');
    expect(log.lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(log.lines)).not.toContain('wrong-secret');
  });
});

describe('a cluster that asks for a certificate', () => {
  it('is served by one of its authority', async () => {
    const tls = { ca: broker.pem('ca.crt'), certificate: broker.pem('client.crt'), key: broker.pem('client.key') };
    await expectService(connectionTo(broker.tls, { tls }));
  });

  it('is not reached without one', async () => {
    await expectRefusal(connectionTo(broker.tls, { tls: { ca: broker.pem('ca.crt') } }), 'STREAM_UNAVAILABLE');
  });

  it('is not trusted when nobody vouches for it', async () => {
    await expectRefusal(connectionTo(broker.tls, { tls: true }), 'STREAM_UNAVAILABLE');
  });
});
