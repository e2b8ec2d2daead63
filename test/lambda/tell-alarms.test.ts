import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleFunction } from '#infra/aws/bundle-functions.ts';
import { compileWorkspace } from '#infra/aws/compile-workspace.ts';
import { startAlertServer } from '../kit/alert-server.ts';
import { alertSecret, shopWorkspace } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { type LambdaFunction, lambdaFunction } from './lambda-function.ts';
import { cloudWatchAlarm, snsEvent } from './sns-event.ts';

const bundles = mkdtempSync(join(tmpdir(), 'regrade-lambda-'));
let entry = '';
beforeAll(async () => {
  ({ entry } = await bundleFunction('tell-alarms', join(bundles, 'tell-alarms')));
}, 60_000);
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

/** The very bundle that a stage deploys, with no broker, no table and no credentials. */
const deployed = (url: string, more: Readonly<Record<string, string>> = {}): LambdaFunction => {
  const folder = temporaryFolder();
  const channels = {
    operations: { type: 'standard-webhook', url, secrets: [{ env: 'REGRADE_TEST_ALERT_SECRET' }] },
    tasks: { type: 'crm-task', connection: 'shop' },
  };
  const loaded = shopWorkspace({ folder, channels });
  const engine = { type: 'kafka-dynamodb', kafka: { brokers: [] }, dynamodb: { region: 'eu-central-1' } };
  const file = join(folder, 'workspace.json');
  writeFileSync(
    file,
    compileWorkspace({ ...loaded, workspace: { ...loaded.workspace, engine } as typeof loaded.workspace }),
  );
  const made = lambdaFunction({
    ...{ name: 'tell-alarms', file: entry, timeoutMs: 30_000 },
    environment: {
      ...{ REGRADE_WORKSPACE: file, ALARM_CHANNEL: 'operations', REGRADE_TEST_ALERT_SECRET: alertSecret },
      ...more,
    },
  });
  onTestFinished(() => made.stop());
  return made;
};

const failure = (saying: string) => ({
  outcome: 'failed',
  error: { errorMessage: expect.stringContaining(saying) as string },
});

describe('tell-alarms on Lambda', { timeout: 30_000 }, () => {
  it('brings an alarm of CloudWatch to a channel of the workspace', async () => {
    const alerts = await startAlertServer();
    onTestFinished(() => alerts.stop());
    const tell = deployed(alerts.url);
    const alarm = snsEvent(cloudWatchAlarm());
    expect(await tell.invoke(alarm)).toEqual({ outcome: 'answered', answer: null });
    expect(alerts.heard).toEqual([
      {
        id: expect.stringMatching(/^ntc_[0-9a-f]{32}$/) as string,
        body: {
          ...{ type: 'operations.notice', timestamp: '2026-03-01T09:30:00.000Z' },
          data: {
            title: 'Alarm: regrade-prod-spilled',
            text: expect.stringContaining('runbook.md#spilled') as string,
          },
        },
      },
    ]);

    alerts.answerWith(503);
    expect(await tell.invoke(snsEvent(cloudWatchAlarm(), 'm-2'))).toMatchObject(failure('HTTP 503'));
    alerts.answerWith(204);
    await tell.invoke(snsEvent(cloudWatchAlarm(), 'm-2'));
    expect(new Set(alerts.heard.map(({ id }) => id)).size).toBe(2);
    expect(await tell.invoke({ Records: 'none' })).toMatchObject(failure('only a topic of SNS'));
    expect(tell.started()).toBe(1);
  });

  it.each([
    ['nowhere', 'the workspace has no channel nowhere'],
    ['tasks', 'shop is a CRM, in which nobody looks for alarms'],
  ])('does not start with a channel that cannot bring them: %s', async (channel, saying) => {
    const tell = deployed('http://127.0.0.1:9/', { ALARM_CHANNEL: channel });
    expect(await tell.invoke(snsEvent(cloudWatchAlarm()))).toMatchObject(failure(saying));
  });
});
