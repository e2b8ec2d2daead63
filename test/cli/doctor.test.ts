import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finding, type FindingCode, findingStates } from '../../infra/cli/checkup.ts';
import type { CliContext } from '../../infra/cli/context.ts';
import { doctorTexts } from '../../infra/cli/doctor/doctor-texts.ts';
import { isAtLeast } from '../../infra/cli/doctor/is-at-least.ts';
import { main } from '../../infra/cli/main.ts';
import { PipelineError } from '../../shared/domain/pipeline-error.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';
import { jsonOf } from './look-into.ts';

const finds =
  (...findings: readonly (Finding | Error)[]): CliContext['checkUp'] =>
  async () =>
    (async function* () {
      for (const finding of findings) {
        if (finding instanceof Error) throw finding;
        yield finding;
      }
    })();

const examine = async (argv: readonly string[], parts: Partial<CliContext>) => {
  const workspace = await temporaryWorkspace();
  const terminal = fakeContext(parts);
  const code = await main(['doctor', '--workspace', workspace.file, ...argv], terminal.context);
  return { code, out: terminal.out, err: terminal.err };
};

describe('regrade doctor', () => {
  it('goes from Node to the model in force, and is content', async () => {
    const checkUp = finds({ code: 'table:fine', says: ['regrade'] }, { code: 'model:fine', says: ['abc 1'] });
    const { code, out, err } = await examine([], { checkUp });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.slice(0, 30))).toEqual([
      expect.stringMatching(/^✓ Node\.js \d+\./),
      expect.stringMatching(/^✓ /),
      '✓ every secret is there (2)',
      '✓ table regrade has its keys, ',
      '✓ in force: abc 1, as the file',
      'Nothing is wrong.',
      '',
    ]);
  });

  it('says what to do about what is wrong, and ends with 1', async () => {
    const checkUp = finds(
      { code: 'topics:missing', says: ['regrade.events'] },
      { code: 'groups:behind', says: ['x 3'] },
    );
    const { code, out } = await examine([], { checkUp });
    expect(code).toBe(1);
    expect(out).toContain('✗ topics are missing: regrade.events\n    → run `regrade topics create`\n');
    expect(out).toContain('• stages are behind, in records: x 3\n');
    expect(out).toMatch(/1 fault\.\n$/);
  });

  it('names secrets that this environment does not have', async () => {
    const { code, out } = await examine([], { checkUp: finds(), environment: {} });
    expect(code).toBe(1);
    expect(out).toContain('✗ secrets are missing: the environment variable SHOP_WEBHOOK_SECRET is not set; ');
  });

  it('ends with the workspace where that has mistakes', async () => {
    const workspace = await temporaryWorkspace();
    await workspace.change('regrade.yaml', 'currency: GBP', 'currency: pounds');
    const terminal = fakeContext({ language: 'zh' });
    expect(await main(['doctor', '--workspace', workspace.file], terminal.context)).toBe(1);
    expect(terminal.out).toMatch(/✗ .*regrade\.yaml 无法使用：位置、原因和处理办法见标准错误输出\n/);
    expect(terminal.err).toContain('currency');
  });

  it('tells what it found before it could not go on', async () => {
    const broken = new PipelineError('STREAM_UNAVAILABLE', 'could not describe the topics', { retryable: true });
    const { code, out, err } = await examine(['--json'], {
      checkUp: finds({ code: 'brokers:fine', says: ['a:1'] }, broken),
    });
    expect(code).toBe(1);
    expect(jsonOf(out)).toMatchObject({ ok: false, findings: { length: 4 } });
    expect(err).toContain('could not describe the topics');
  });

  it('gives a program code, state, sentence and cure', async () => {
    const { out } = await examine(['--json'], { checkUp: finds({ code: 'disk:low', says: ['12'] }) });
    expect(jsonOf(out)).toMatchObject({
      ok: false,
      findings: [
        { code: 'node:fine', state: 'fine' },
        { code: 'workspace:fine', state: 'fine' },
        { code: 'secrets:fine', state: 'fine' },
        {
          ...{ code: 'disk:low', state: 'faulty', message: 'only 12 MB of the disk are free' },
          cure: 'free some space before the node has to stop',
        },
      ],
    });
  });

  // a workspace that cannot be used was told of with cures of its own
  it.each(['en', 'zh'] as const)(
    'has a cure for every other fault, and a sentence for all it can find (%s)',
    (language) => {
      const { findings, cures } = doctorTexts[language];
      for (const code of Object.keys(findingStates) as FindingCode[]) {
        expect(findings[code]('a', 'b', 'c'), code).not.toBe('');
        if (findingStates[code] === 'faulty' && code !== 'workspace:faulty')
          expect(cures[code]?.('a', 'b') ?? '', code).not.toBe('');
      }
    },
  );

  it('looks for the secrets of a stage where AWS keeps them', async () => {
    const workspace = await temporaryWorkspace();
    const stage = join(workspace.folder, 'acme.yaml');
    await writeFile(
      stage,
      [
        'apiVersion: regrade/v1\nkind: Stage\nworkspace: regrade.yaml\nregion: eu-central-1\nnetwork: { kind: none }\n',
        'stream: { kind: kafka, reach: public, brokers: [k:9092], signIn: { by: plain, secret: ',
        '"arn:aws:secretsmanager:eu-central-1:111122223333:secret:kafka-AbC123" } }\n',
      ].join(''),
    );
    let closed = 0;
    const openSecrets: CliContext['openSecrets'] = async (region) => ({
      read: async (id) => {
        expect(region).toBe('eu-central-1');
        return id === 'regrade/acme/entrances'
          ? { outcome: 'read', values: { SHOP_WEBHOOK_SECRET: ' ' } }
          : { outcome: 'refused', reason: 'not authorized' };
      },
      set: () => Promise.reject(new Error('nothing is set here')),
      close: () => void (closed += 1),
    });
    const terminal = fakeContext({ checkUp: finds(), openSecrets });
    expect(await main(['doctor', '--stage', stage], terminal.context)).toBe(1);
    expect(closed).toBe(1);
    expect(terminal.out).toContain(
      '✗ the secret regrade/acme/channels cannot be read: AWS refuses these credentials: not authorized\n',
    );
    expect(terminal.out).toContain('✗ secrets are missing: SHOP_WEBHOOK_SECRET\n');
  });
});

describe('isAtLeast', () => {
  it.each([
    ['20.19.0', '20.19', true],
    ['20.18.3', '20.19', false],
    ['22.0.0', '20.19', true],
    ['9.99.0', '20.19', false],
    ['20.9.0', '20.19', false],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });
});
