import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CompiledWorkspace } from '#functions/ground/compiled-workspace.ts';
import { prepareAssets } from '#infra/aws/assets.ts';
import { planStage } from '#infra/aws/plan-stage.ts';
import { functionNames } from '#shared/definitions/functions.ts';
import { temporaryFolder } from '../../kit/temporary-folder.ts';

describe('prepareAssets', { timeout: 60_000 }, () => {
  it('gives each function a folder with its bundle and the workspace as the stage deploys it', async () => {
    const planning = await planStage('examples/kafka-mtls');
    if (planning.outcome === 'faulty') throw new Error('the example is faulty');
    const { plan } = planning;
    const assets = await prepareAssets({ ...plan, outFolder: temporaryFolder() });
    expect([...assets.keys()]).toEqual([...functionNames]);
    for (const folder of assets.values()) {
      expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).toContain('handler');
      const compiled = CompiledWorkspace.parse(JSON.parse(readFileSync(join(folder, 'workspace.json'), 'utf8')));
      expect(compiled.workspace.engine).toMatchObject({
        type: 'kafka-dynamodb',
        kafka: {
          brokers: [],
          tls: {
            ca: { env: 'KAFKA_CA_certificate' },
            certificate: { env: 'KAFKA_certificate' },
            key: { env: 'KAFKA_privateKey' },
          },
        },
        dynamodb: { region: 'eu-west-1' },
      });
      expect(compiled.models.map(({ hash }) => hash)).toEqual(plan.workspace.models.map(({ hash }) => hash));
    }
  });

  it('brings along who tells alarms, where a channel is named for them', async () => {
    const planning = await planStage('examples/own-keys');
    if (planning.outcome === 'faulty') throw new Error('the example is faulty');
    const folder = (await prepareAssets({ ...planning.plan, outFolder: temporaryFolder() })).get('tell-alarms') ?? '';
    expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).toContain('handler');
    const compiled = CompiledWorkspace.parse(JSON.parse(readFileSync(join(folder, 'workspace.json'), 'utf8')));
    expect(Object.keys(compiled.workspace.channels)).toContain('mail');
  });
});
