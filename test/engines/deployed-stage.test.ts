import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { expect, it, onTestFinished } from 'vitest';
import { prepareAssets } from '#infra/aws/assets.ts';
import { bundleFunctions } from '#infra/aws/bundle-functions.ts';
import { callsOf } from '#infra/aws/config/calls-of.ts';
import { secretNamesOf } from '#infra/aws/config/secret-names.ts';
import { Stage } from '#infra/aws/config/stage.ts';
import { addStacks } from '#infra/aws/stacks-of-stage.ts';
import { functionNames } from '#shared/definitions/functions.ts';
import { startAlertServer } from '../kit/alert-server.ts';
import { secretArn, startSecretsManagerStandIn } from '../kit/secrets-manager-stand-in.ts';
import { alertSecret, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { deployTemplates } from '../lambda/deploy-templates.ts';
import { client } from './dynamodb-table.ts';
import { engineAddress } from './engine-address.ts';

const both = (text: string) => ({ zh: text, en: text });
const rules = [
  {
    id: 'changes',
    when: {},
    do: [{ alert: { channel: 'managers', title: both('{{name}}'), text: both('{{reasons}}') } }],
  },
];

const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'regrade-stage-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** What they hold, by name. */
const filesIn = (folder: string): ReadonlyMap<string, string> =>
  new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));

it('a synthesised stage takes a signed webhook and sends the alert, with nothing replaced but endpoints and credentials', async () => {
  const folder = freshFolder();
  const alerts = await startAlertServer();
  onTestFinished(() => alerts.stop());
  const stageName = `t${randomUUID().slice(0, 8)}`;
  const stage = Stage.parse({
    ...{ apiVersion: 'regrade/v1', kind: 'Stage', workspace: 'regrade.yaml', region: 'eu-central-1' },
    stream: { kind: 'msk-provisioned', prefix: `${stageName}.`, topics: { partitions: 3, replicas: 2 } },
    network: { kind: 'new', zones: ['eu-central-1a', 'eu-central-1b'], wayOut: { kind: 'nat' } },
    mappings: { mode: 'provisioned', batchSize: 7, retries: 2, maxAgeHours: 2, onFailure: 'dead-topic' },
  });
  const managers = { type: 'standard-webhook', url: alerts.url, secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }] };
  const workspace = shopWorkspace({ folder, channels: { managers }, rules });
  const settings = { calls: callsOf(workspace.workspace), secretNames: secretNamesOf(workspace.workspace) };
  const assets = await prepareAssets({ stage, workspace, outFolder: join(folder, 'assets') });
  const app = new App({ outdir: join(folder, 'cdk.out') });
  addStacks(app, { ...{ stageName, stage, workspace, warnings: [] }, ...settings }, assets);
  const { stacks } = app.synth();

  const secretsManager = await startSecretsManagerStandIn();
  const fill = (purpose: string, values: object): void =>
    secretsManager.put(secretArn(`regrade/${stageName}/${purpose}`), JSON.stringify(values));
  fill('entrances', { REGRADE_TEST_SHOP_SECRET: process.env['REGRADE_TEST_SHOP_SECRET'] });
  fill('crm', {});
  fill('channels', { REGRADE_TEST_ALERT_SECRET: alertSecret });
  onTestFinished(() => secretsManager.stop());
  const deployed = await deployTemplates({
    assembly: app.outdir,
    stacks: stacks.map(({ stackName }) => stackName),
    brokers: engineAddress('KAFKA_BROKERS').split(','),
    dynamoDb: client,
    folder: freshFolder(),
    environment: {
      DYNAMODB_ENDPOINT: engineAddress('DYNAMODB_ENDPOINT'),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
      AWS_REGION: stage.region,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  onTestFinished(() => deployed.stop());
  expect([...deployed.functions.keys()]).toEqual(functionNames.map((name) => `regrade-${stageName}-${name}`));

  const at = Date.now() - 60_000;
  const { body, headers } = signShop([
    { type: 'customer', id: '1', name: 'Acme', changedAt: at },
    { type: 'invoice', id: 'i1', customer: '1', amount: '250', paidAt: at, changedAt: at },
  ]);
  const answer = { outcome: 'answered', answer: { statusCode: 200 } };
  expect(await deployed.post('/hooks/generic/shop', body, headers)).toMatchObject(answer);
  const forged = { outcome: 'answered', answer: { statusCode: 401 } };
  expect(await deployed.post('/hooks/generic/shop', `${body} `, headers)).toMatchObject(forged);
  await expect.poll(() => alerts.heard.at(-1)?.body.data['to'], { timeout: 30_000 }).toBe('B');
  expect(await deployed.tick()).toEqual({ outcome: 'answered', answer: null });
  const failures = [...deployed.functions.values()].flatMap((each) =>
    each.lines().filter((line) => line.includes('"level":50')),
  );
  expect(failures).toEqual([]);
  // what the workspace does not refer to nobody asks for
  expect(new Set(secretsManager.asked())).toEqual(
    new Set(['entrances', 'channels'].map((purpose) => secretArn(`regrade/${stageName}/${purpose}`))),
  );
  for (const { name, folder: bundle } of await bundleFunctions(join(folder, 'bundles')))
    expect(filesIn(assets.get(name) ?? ''), name).toEqual(
      new Map([...filesIn(bundle), ['workspace.json', expect.any(String)]]),
    );
}, 120_000);
