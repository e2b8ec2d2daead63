import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../infra/cli/context.ts';
import { main } from '../../infra/cli/main.ts';
import type { LoadedWorkspace } from '../../infra/node/workspace/load-workspace.ts';
import type { KafkaDynamoDbEngine } from '../../shared/definitions/engine.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext, fakeReader } from './fake-context.ts';

const secret = (name: string): string => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbC123`;

const head = `apiVersion: regrade/v1
kind: Stage
workspace: regrade.yaml
region: eu-central-1
`;

const named = `${head}stream:
  kind: kafka
  reach: public
  brokers: [kafka.example.com:9092]
  signIn: { by: plain, secret: "${secret('kafka')}" }
  authority: "${secret('authority')}"
  topics: { partitions: 3, replicas: 2 }
network: { kind: none }
retention: { topicDays: 2, deadDays: 9 }
`;

const made = `${head}stream: { kind: msk-serverless }
network: { kind: new }
`;

interface Opened {
  readonly loaded: LoadedWorkspace;
  readonly engine: KafkaDynamoDbEngine | undefined;
}

/** A checkout with a stage file and, where they are given, the outputs of its deployment. */
const checkout = async (stage: string, outputs?: unknown) => {
  const workspace = await temporaryWorkspace();
  const file = join(workspace.folder, 'acme.yaml');
  await writeFile(file, stage);
  if (outputs !== undefined)
    await writeFile(
      join(workspace.folder, 'cdk-outputs.json'),
      typeof outputs === 'string' ? outputs : JSON.stringify(outputs),
    );
  const run = async (argv: readonly string[], parts: Partial<CliContext> = {}) => {
    const opened: Opened[] = [];
    const terminal = fakeContext({
      project: workspace.folder,
      openReader: async (loaded, engine) => {
        opened.push({ loaded, engine });
        return fakeReader({ readModels: async () => ({ pointer: undefined, versions: [] }) });
      },
      ...parts,
    });
    const code = await main([...argv, '--stage', file], terminal.context);
    return { code, out: terminal.out, err: terminal.err, opened: opened[0] };
  };
  return { run, file, folder: workspace.folder };
};

const outputsOf = (values: Readonly<Record<string, string>>) => ({ 'regrade-acme-data': values });

describe('--stage', () => {
  it('says workspace and engine: as the stage file has them, where no deployment told', async () => {
    const { run, folder } = await checkout(named);
    const { code, err, opened } = await run(['models']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(opened?.engine).toEqual({
      type: 'kafka-dynamodb',
      kafka: {
        ...{ brokers: ['kafka.example.com:9092'], prefix: '', partitions: 3, replicationFactor: 2 },
        tls: { ca: { env: 'KAFKA_CA_certificate' } },
        sasl: { mechanism: 'plain', username: { env: 'KAFKA_username' }, password: { env: 'KAFKA_password' } },
      },
      dynamodb: { table: 'regrade-acme', region: 'eu-central-1' },
    });
    expect(opened?.loaded).toMatchObject({
      folder,
      engineSecrets: [
        { prefix: 'KAFKA_', arn: secret('kafka') },
        { prefix: 'KAFKA_CA_', arn: secret('authority') },
      ],
      topics: {
        replicatesByItself: false,
        retentionMs: { 'regrade.events': 2 * 86_400_000, 'regrade.dead': 9 * 86_400_000 },
      },
    });
  });

  it('takes what the deployment wrote down, and the environment before it', async () => {
    const { run } = await checkout(made, outputsOf({ TableName: 'regrade-other', Brokers: 'a:9098,b:9098' }));
    expect((await run(['models'])).opened).toMatchObject({
      engine: { kafka: { brokers: ['a:9098', 'b:9098'] }, dynamodb: { table: 'regrade-other' } },
      loaded: { engineSecrets: [], topics: { replicatesByItself: true } },
    });
    const renamed = await checkout(named, outputsOf({ Brokers: 'new.example.com:9092' }));
    expect((await renamed.run(['models'])).opened?.engine?.kafka.brokers).toEqual(['new.example.com:9092']);
    const environment = { KAFKA_BROKERS: 'c:9092', DYNAMODB_TABLE: 'mine', DYNAMODB_ENDPOINT: 'http://127.0.0.1:1' };
    expect((await run(['models'], { environment })).opened?.engine).toMatchObject({
      kafka: { brokers: ['c:9092'] },
      dynamodb: { table: 'mine', endpoint: 'http://127.0.0.1:1' },
    });
  });

  it.each([undefined, { 'regrade-other-data': { Brokers: 'a:9098' } }])(
    'names the command to run where nobody says where the brokers are (%j)',
    async (outputs) => {
      const { run, folder } = await checkout(made, outputs);
      const { code, err, opened } = await run(['models']);
      expect({ code, opened }).toEqual({ code: 1, opened: undefined });
      expect(err).toBe(
        `regrade: nobody says where the brokers of stage acme are: ${join(folder, 'cdk-outputs.json')} does not tell\n    → run \`npx cdk deploy --all -c stage=acme --outputs-file cdk-outputs.json\` once more, or set KAFKA_BROKERS\n`,
      );
      expect((await run(['models'], { environment: { KAFKA_BROKERS: 'c:9092' } })).code).toBe(0);
    },
  );

  it('says in Chinese that outputs are none', async () => {
    const { run } = await checkout(made, '[]');
    const { code, err } = await run(['models'], { language: 'zh' });
    expect(code).toBe(1);
    expect(err).toContain('不是 cdk 写出的输出文件');
  });

  it('tells mistakes of the stage file with their line, and knows the names of stages', async () => {
    const { run, file } = await checkout(named.replace('kind: none', 'kind: nowhere'));
    const { code, err } = await run(['models']);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:12:18: error: network.kind`);
    const terminal = fakeContext();
    expect(await main(['models', '--stage', 'no-such'], terminal.context)).toBe(1);
    expect(terminal.err).toContain('trial');
  });

  it('does not go with the embedded engine', async () => {
    const { run } = await checkout(named);
    expect(await run(['models', '--engine', 'embedded'])).toMatchObject({
      code: 1,
      err: 'regrade: a stage on AWS does not run on the embedded engine\n    → leave out --stage or --engine\n',
    });
  });

  it('is refused by check where it cannot be deployed, at its line', async () => {
    const { run, file } = await checkout(made.replace('eu-central-1', 'cn-north-1'));
    const { code, out } = await run(['check']);
    expect(code).toBe(1);
    expect(out).toContain(`${file}:5:`);
    expect(out).toContain('cn-north-1 had no MSK Serverless');
  });

  it('is what check, setup and worker go by, too', async () => {
    const { run, folder } = await checkout(named);
    expect((await run(['check'])).out).toContain(`${join(folder, 'regrade.yaml')} is fine`);
    // its secrets are kept elsewhere: that this machine has them not is nothing to complain of
    expect((await run(['check'], { environment: {} })).out).not.toContain('is not set');
    const tables: string[] = [];
    const setUp: CliContext['setUp'] = async (_loaded, engine) => {
      tables.push(engine.dynamodb.table);
      return { topics: [], table: undefined };
    };
    expect(await run(['setup'], { setUp })).toMatchObject({ code: 0 });
    const startWorker: CliContext['startWorker'] = async (_loaded, { engine }) => {
      tables.push(engine.dynamodb.table);
      return { url: 'http://127.0.0.1:1', failed: new Promise(() => undefined), stop: async () => undefined };
    };
    expect(await run(['worker'], { startWorker, stopRequested: async () => undefined })).toMatchObject({ code: 0 });
    expect(tables).toEqual(['regrade-acme', 'regrade-acme']);
  });
});
