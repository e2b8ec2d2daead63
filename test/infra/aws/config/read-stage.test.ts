import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readStage } from '#infra/aws/config/read-stage.ts';
import { refusalsOf } from '#infra/aws/config/refusals.ts';
import { isStageName, knownStages, stageFileOf, stageNameOf } from '#infra/aws/config/stage-file.ts';

const sound = `apiVersion: regrade/v1
kind: Stage
workspace: settings/regrade.yaml
region: eu-central-1
stream:
  kind: kafka
  reach: public
  brokers: [kafka.example.com:9092]
  signIn:
    by: plain
    secret: arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-AbC123
network:
  kind: none
alarms: { email: operations@example.com }
`;

const written = async (text: string, name = 'shop.yaml'): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'regrade-stage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  await writeFile(file, text);
  await mkdir(join(folder, 'settings'));
  await writeFile(join(folder, 'settings/regrade.yaml'), '');
  return file;
};

const changed = (from: string, to: string): string => {
  const parts = sound.split(from);
  if (parts.length !== 2) throw new Error(`${from} stands ${parts.length - 1} times in the stage`);
  return parts.join(to);
};

interface Mistake {
  readonly mistake: string;
  readonly text: string;
  readonly line: number;
  readonly column?: number;
  readonly path: string;
  readonly message: RegExp;
  readonly cure?: RegExp;
}

const mistakes: readonly Mistake[] = [
  {
    mistake: 'a key with a slip',
    text: changed('region:', 'regoin:'),
    line: 4,
    column: 1,
    path: 'regoin',
    message: /regoin/,
    cure: /did you mean "region"/,
  },
  {
    mistake: 'a slip in a key of the chosen stream',
    text: changed('  reach: public', '  reech: public'),
    line: 7,
    column: 3,
    path: 'stream.reech',
    message: /reech/,
    cure: /did you mean "reach"/,
  },
  {
    mistake: 'a key of another kind of stream',
    text: changed('  reach: public', '  reach: public\n  clusterArn: "arn:aws:kafka:x"'),
    line: 8,
    column: 3,
    path: 'stream.clusterArn',
    message: /clusterArn/,
    cure: /authority/,
  },
  {
    mistake: 'a kind of stream that there is not',
    text: changed('kind: kafka', 'kind: kafak'),
    line: 6,
    column: 9,
    path: 'stream.kind',
    message: /kafak/,
    cure: /did you mean "kafka"/,
  },
  {
    mistake: 'a sign-in that this stream does not have',
    text: changed('by: plain', 'by: iam'),
    line: 10,
    column: 9,
    path: 'stream.signIn.by',
    message: /"iam" is not one of plain, scram-sha-256, scram-sha-512, mtls/,
  },
  {
    mistake: 'a secret by its name',
    text: changed('arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-AbC123', 'kafka'),
    line: 11,
    column: 13,
    path: 'stream.signIn.secret',
    message: /whole ARN/,
  },
  {
    mistake: 'a broker without a port',
    text: changed('kafka.example.com:9092', 'kafka.example.com'),
    line: 8,
    path: 'stream.brokers[0]',
    message: /host:port/,
  },
  {
    mistake: 'what is missing',
    text: changed('network:\n  kind: none\n', ''),
    line: 1,
    path: 'network',
    message: /network/,
  },
  {
    mistake: 'an account without quotes',
    text: `${sound}account: 111122223333\n`,
    line: 15,
    column: 10,
    path: 'account',
    message: /text/,
    cure: /quotes/,
  },
  {
    mistake: 'a function that there is not',
    text: `${sound}functions:\n  recieve-webhook: { memoryMb: 1024 }\n`,
    line: 16,
    path: 'functions.recieve-webhook',
    message: /recieve-webhook/,
    cure: /did you mean "receive-webhook"/,
  },
  {
    mistake: 'days that CloudWatch does not have',
    text: `${sound}retention: { logDays: 31 }\n`,
    line: 15,
    path: 'retention.logDays',
    message: /31.*1, 3, 5, 7, 14, 30/,
  },
  {
    mistake: 'a key that is neither new nor an ARN',
    text: `${sound}customerKey: mine\n`,
    line: 15,
    column: 14,
    path: 'customerKey',
    message: /true for a new key, or the ARN/,
  },
  {
    mistake: 'a block of addresses that there is not',
    text: changed('kind: none', 'kind: new\n  cidr: 10.420.0.0/20'),
    line: 14,
    column: 9,
    path: 'network.cidr',
    message: /write a block of addresses/,
  },
  {
    mistake: 'a block of addresses that is too large for a network',
    text: changed('kind: none', 'kind: new\n  cidr: 10.0.0.0/8'),
    line: 14,
    column: 9,
    path: 'network.cidr',
    message: /\/16 to \/24/,
  },
  {
    mistake: 'a poller setting in plain mode',
    text: `${sound}mappings:\n  mode: plain\n  onFailure: bucket\n`,
    line: 17,
    column: 3,
    path: 'mappings.onFailure',
    message: /onFailure/,
    cure: /batchSize/,
  },
  {
    mistake: 'a tab',
    text: changed('    by: plain', '\tby: plain'),
    line: 10,
    path: '',
    message: /tab/,
    cure: /spaces/,
  },
];

describe('readStage', () => {
  it('reads a sound stage with all that it leaves out, and where its workspace stands', async () => {
    const file = await written(sound);
    const read = await readStage(file);
    expect(read).toMatchObject({
      outcome: 'read',
      warnings: [],
      workspaceFile: join(file, '../settings/regrade.yaml'),
      stage: {
        region: 'eu-central-1',
        entry: { kind: 'http-api', throttle: { perSecond: 200, burst: 400 } },
        mappings: { mode: 'provisioned', retries: 10, onFailure: 'bucket' },
        table: { deletionProtection: true, pointInTimeRecovery: true },
      },
    });
  });

  it('keeps an absolute path of a workspace', async () => {
    const there = await written('');
    const read = await readStage(await written(changed('settings/regrade.yaml', there)));
    expect(read).toMatchObject({ workspaceFile: there });
  });

  it('says where a workspace that is not there was asked for', async () => {
    const file = await written(changed('settings/regrade.yaml', 'settings/other.yaml'));
    const read = await readStage(file, 'zh');
    const problems = read.outcome === 'faulty' ? read.problems : [];
    expect(problems).toMatchObject([
      { file, line: 3, path: 'workspace', cure: expect.stringContaining('regrade init') as string },
    ]);
    expect(problems[0]?.message).toMatch(/^没有文件 .*settings.other\.yaml$/);
  });

  it.each(mistakes)(
    'tells $mistake with its line, key and cure',
    async ({ text, line, column, path, message, cure }) => {
      const file = await written(text);
      const read = await readStage(file);
      if (read.outcome === 'read') throw new Error('nothing was found');
      const found = read.problems.find((problem) => problem.path === path);
      expect(found).toMatchObject({ severity: 'error', file, line });
      if (column !== undefined) expect(found!.column).toBe(column);
      expect(found!.message).toMatch(message);
      if (cure !== undefined) expect(found!.cure).toMatch(cure);
    },
  );

  it('tells all mistakes at once, from top to bottom', async () => {
    const file = await written(
      changed('region: eu-central-1', 'region: Frankfurt').replace('kind: none', 'kind: nome'),
    );
    const read = await readStage(file);
    if (read.outcome === 'read') throw new Error('nothing was found');
    expect(read.problems.map(({ line, path }) => [line, path])).toEqual([
      [4, 'region'],
      [13, 'network.kind'],
    ]);
  });

  it('does not guess a number by its digits', async () => {
    const read = await readStage(await written(`${sound}retention: { logDays: 31 }\n`));
    if (read.outcome === 'read') throw new Error('nothing was found');
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).not.toHaveProperty('cure');
  });

  it('says which stages there are where one is not', async () => {
    const read = await readStage(stageFileOf('tiral'));
    if (read.outcome === 'read') throw new Error('there is such a stage');
    expect(read.problems).toHaveLength(1);
    expect(read.problems[0]).toMatchObject({ message: expect.stringContaining('tiral.yaml') as string });
    expect(read.problems[0]!.cure).toContain('trial');
  });

  it('refuses a file whose name cannot be part of names on AWS', async () => {
    const read = await readStage(await written(sound, 'Shop 1.yaml'));
    if (read.outcome === 'read') throw new Error('nothing was found');
    expect(read.problems[0]!.message).toContain('"Shop 1"');
    expect(read.problems[0]!.cure).toContain('small letter');
  });

  it('speaks Chinese where asked to', async () => {
    const read = await readStage(await written(sound, '商店.yaml'), 'zh');
    if (read.outcome === 'read') throw new Error('nothing was found');
    expect(read.problems[0]!.message).toContain('不能用作');
  });

  it('gives its warnings as sentences that name key and cure', async () => {
    const read = await readStage(await written(`${sound}mappings: { mode: plain }\n`));
    if (read.outcome === 'faulty') throw new Error('faulty');
    expect(read.warnings).toEqual([expect.stringMatching(/^mappings\.mode: a batch .*; mode: provisioned limits/)]);
  });

  it('finds the line of what is refused later', async () => {
    const file = await written(changed('reach: public', 'reach: private'));
    const read = await readStage(file);
    if (read.outcome === 'faulty') throw new Error('faulty');
    const problems = refusalsOf(read.stage, { crm: true, channels: true }).map(read.place);
    expect(problems).toMatchObject([{ severity: 'error', file, line: 13, column: 9, path: 'network.kind' }]);
    expect(problems[0]!.cure).toContain('kind: existing');
  });
});

describe('stageFileOf', () => {
  it('takes a name for a file of the folder, and a path for a path', () => {
    expect(stageFileOf('trial')).toMatch(/infra\/aws\/config\/trial\.yaml$/);
    expect(stageFileOf('examples/msk-new')).toMatch(/infra\/aws\/config\/examples\/msk-new\.yaml$/);
    expect(stageFileOf('../mine/shop.yml')).toBe('../mine/shop.yml');
    expect(knownStages()).toContain('trial');
  });

  it('calls a stage as its file is called', () => {
    expect(stageNameOf('infra/aws/config/trial.yaml')).toBe('trial');
    expect(stageNameOf('shop.yml')).toBe('shop');
    expect(['trial', 'prod-eu-2', 'a'].every(isStageName)).toBe(true);
    expect(['', '1st', 'Trial', 'shop_eu', 'a'.repeat(25)].some(isStageName)).toBe(false);
  });
});
