import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startFunction } from '#functions/ground/start-function.ts';
import { compileWorkspace } from '#infra/aws/compile-workspace.ts';
import { Engine } from '#shared/definitions/engine.ts';
import { shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

afterEach(() => vi.unstubAllEnvs());

const workspaceFile = (engine: unknown): string => {
  const folder = temporaryFolder();
  const loaded = shopWorkspace({ folder });
  const file = join(folder, 'workspace.json');
  writeFileSync(
    file,
    compileWorkspace({ ...loaded, workspace: { ...loaded.workspace, engine: Engine.parse(engine) } }),
  );
  return file;
};

const refusal = async (environment: Readonly<Record<string, string | undefined>>): Promise<unknown> => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    await startFunction('grade-customers');
    return undefined;
  } catch (error) {
    return error;
  }
};

const named = (text: string): unknown =>
  expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(text) as string });

describe('startFunction', () => {
  it('names the variable that is missing or wrong', async () => {
    expect(await refusal({ REGRADE_WORKSPACE: undefined })).toEqual(named('REGRADE_WORKSPACE: is not set'));
    expect(await refusal({ REGRADE_WORKSPACE: 'w.json', KAFKA_BROKERS: 'kafka' })).toEqual(
      named('KAFKA_BROKERS: write host:port'),
    );
  });

  it('names the file that cannot be read', async () => {
    expect(await refusal({ REGRADE_WORKSPACE: '/nowhere/w.json' })).toEqual(named('/nowhere/w.json cannot be read'));
  });

  it('names the place in a workspace that is not one', async () => {
    const file = join(temporaryFolder(), 'w.json');
    writeFileSync(file, '{"workspace":{},"models":[],"playbooks":[]}');
    expect(await refusal({ REGRADE_WORKSPACE: file })).toEqual(named('workspace.apiVersion'));
  });

  it('refuses an engine that no function can stand on', async () => {
    expect(await refusal({ REGRADE_WORKSPACE: workspaceFile({ type: 'embedded' }) })).toEqual(named('kafka-dynamodb'));
  });

  it('refuses a cluster without a broker', async () => {
    expect(
      await refusal({ REGRADE_WORKSPACE: workspaceFile({ type: 'kafka-dynamodb' }), KAFKA_BROKERS: undefined }),
    ).toEqual(named('KAFKA_BROKERS'));
  });
});
