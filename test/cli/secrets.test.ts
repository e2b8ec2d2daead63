import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../infra/cli/main.ts';
import type { SecretAnswer } from '../../infra/cli/secrets-desk.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';

const stage = `apiVersion: regrade/v1
kind: Stage
workspace: regrade.yaml
region: eu-central-1
stream: { kind: msk-serverless }
network: { kind: new }
`;

/** A stage of which no deployment told anything: where its brokers are does not matter here. */
const atStage = async (held: Readonly<Record<string, SecretAnswer>>, input?: string) => {
  const workspace = await temporaryWorkspace();
  const file = join(workspace.folder, 'acme.yaml');
  await writeFile(file, stage);
  const put: (readonly [string, string, string])[] = [];
  let [opened, closed] = [0, 0];
  const run = async (...argv: string[]) => {
    const terminal = fakeContext({
      openSecrets: async () => {
        opened += 1;
        return {
          read: async (id) => held[id] ?? { outcome: 'absent' },
          set: async (id, name, value) => {
            const found = held[id] ?? ({ outcome: 'absent' } as const);
            if (found.outcome !== 'read') return found;
            put.push([id, name, value]);
            return { outcome: 'put' };
          },
          close: () => void (closed += 1),
        };
      },
      readInput: async () => input,
    });
    const code = await main(['secrets', ...argv], terminal.context);
    expect(closed).toBe(opened);
    return { code, out: terminal.out, err: terminal.err, put };
  };
  return { run, file };
};

const filled = (values: Readonly<Record<string, string>>): SecretAnswer => ({ outcome: 'read', values });

describe('regrade secrets list', () => {
  it('names what the workspace wants, and which of it has a value; 1 where one has none', async () => {
    const { run, file } = await atStage({
      'regrade/acme/entrances': filled({ SHOP_WEBHOOK_SECRET: 'hidden-value' }),
      'regrade/acme/channels': filled({}),
    });
    const { code, out, err } = await run('list', '--stage', file);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/ {2}entrances +regrade\/acme\/entrances +SHOP_WEBHOOK_SECRET +has a value\n/);
    expect(out).toMatch(/ {2}channels +regrade\/acme\/channels +ALERT_WEBHOOK_SECRET +MISSING\n/);
    expect(out).not.toContain('hidden-value');
    expect(JSON.parse((await run('list', '--stage', file, '--json')).out)).toEqual([
      { purpose: 'entrances', secret: 'regrade/acme/entrances', name: 'SHOP_WEBHOOK_SECRET', state: 'filled' },
      { purpose: 'channels', secret: 'regrade/acme/channels', name: 'ALERT_WEBHOOK_SECRET', state: 'empty' },
    ]);
  });

  it('says which secret is not there', async () => {
    const { run, file } = await atStage({ 'regrade/acme/entrances': filled({ SHOP_WEBHOOK_SECRET: 'x' }) });
    const { code, out, err } = await run('list', '--stage', file);
    expect(code).toBe(1);
    expect(err).toBe(
      'regrade: the secret regrade/acme/channels cannot be read: there is none; deploying the data stack makes it\n',
    );
    expect(out).toMatch(/ALERT_WEBHOOK_SECRET +not known\n/);
  });

  it('asks for the stage', async () => {
    const { run } = await atStage({});
    expect(await run('list')).toMatchObject({ code: 2, err: expect.stringContaining('--stage NAME') as string });
  });
});

describe('regrade secrets set', () => {
  const held = { 'regrade/acme/entrances': filled({}) };

  it('puts what stands on standard input, and shows nothing of it', async () => {
    const { run, file } = await atStage(held, '  a secret\n');
    const { code, out, err, put } = await run('set', 'SHOP_WEBHOOK_SECRET', '--stage', file);
    expect({ code, err, put }).toEqual({
      code: 0,
      err: '',
      put: [['regrade/acme/entrances', 'SHOP_WEBHOOK_SECRET', 'a secret']],
    });
    expect(out).toContain('SHOP_WEBHOOK_SECRET is in regrade/acme/entrances.');
    expect(out).not.toContain('a secret');
  });

  it.each([
    [undefined, 'hand the value over on standard input'],
    [' \n', 'standard input held nothing'],
  ])('takes nothing from %j', async (input, said) => {
    const { run, file } = await atStage(held, input);
    const { code, err, put } = await run('set', 'SHOP_WEBHOOK_SECRET', '--stage', file);
    expect({ code, put }).toEqual({ code: 1, put: [] });
    expect(err).toContain(said);
  });

  it('knows the names of the workspace, and those alone', async () => {
    const { run, file } = await atStage(held, 'x');
    const { code, err } = await run('set', 'SHOP_WEBHOK_SECRET', '--stage', file);
    expect(code).toBe(1);
    expect(err).toContain('write one of SHOP_WEBHOOK_SECRET, ALERT_WEBHOOK_SECRET');
  });

  it('says why a secret could not be written', async () => {
    const { run, file } = await atStage({ 'regrade/acme/entrances': { outcome: 'refused', reason: 'denied' } }, 'x');
    expect(await run('set', 'SHOP_WEBHOOK_SECRET', '--stage', file)).toMatchObject({
      code: 1,
      out: '',
      err: 'regrade: the secret regrade/acme/entrances cannot be read: AWS refuses these credentials: denied\n',
    });
  });
});
