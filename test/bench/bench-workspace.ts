import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type LoadedWorkspace, loadWorkspace } from '../../infra/node/workspace/load-workspace.ts';
import { benchFactors, benchModelFile } from './grading-model.ts';

export const benchSecret = 'a-secret-of-the-bench-0123456789';
export const signatureHeader = 'x-bench-signature';
/** Where the webhooks of every contestant go. */
export const webhookPath = '/hooks/generic/crm';

/** The environment of a node that runs this workspace. */
export const benchEnvironment = {
  REGRADE_BENCH_SECRET: benchSecret,
  REGRADE_BENCH_ALERT_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
};

const both = (text: string) => ({ zh: text, en: text });

/** One connection, the ten-factor model, and an alert for every change. Returns the path of regrade.yaml. */
export const writeBenchWorkspace = (folder: string, alertUrl: string): string => {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: unknown): string => {
    const file = join(folder, name);
    writeFileSync(file, stringify(content));
    return file;
  };
  const timezone = calmZone(Date.now());
  write('model.yaml', { ...(benchModelFile(benchFactors(10), true) as object), timezone });
  write('playbook.yaml', playbook);
  return write('regrade.yaml', workspaceFile(alertUrl, timezone));
};

/** @throws Error when our own files are faulty. */
export const loadBenchWorkspace = async (file: string): Promise<LoadedWorkspace> => {
  const loading = await loadWorkspace(file, { environment: benchEnvironment, language: 'en', starting: true });
  if (loading.outcome === 'loaded') return loading.loaded;
  throw new Error(loading.problems.map(({ message }) => message).join('; '));
};

/** A zone in which it will not be midnight, when the windows of everybody move, for hours to come. */
const calmZone = (now: number): string => {
  const hour = new Date(now).getUTCHours();
  // Shanghai is at UTC+8 all the year
  return hour >= 20 || hour < 10 ? 'Asia/Shanghai' : 'UTC';
};

const workspaceFile = (alertUrl: string, timezone: string) => ({
  apiVersion: 'regrade/v1',
  kind: 'Workspace',
  timezone,
  currency: 'CNY',
  language: 'en',
  listen: { host: '127.0.0.1', port: 0 },
  data: 'data',
  models: ['model.yaml'],
  playbooks: ['playbook.yaml'],
  allowLoopback: true,
  connections: {
    crm: {
      vendor: 'generic',
      signature: { kind: 'hmac', header: signatureHeader, secrets: [{ env: 'REGRADE_BENCH_SECRET' }] },
      object: 'type',
      records: {
        account: {
          id: 'id',
          customer: { kind: 'account', id: 'id' },
          version: 'changedAt',
          attributes: Object.fromEntries(
            ['employees', 'industry', 'decisionInDays', 'budget', 'fit'].map((name) => [name, name]),
          ),
        },
        invoice: {
          id: 'id',
          customer: { kind: 'account', id: 'account' },
          version: 'changedAt',
          facts: [{ type: 'invoice.paid', at: 'paidAt', amount: 'amount' }],
        },
        call: {
          id: 'id',
          customer: { kind: 'account', id: 'account' },
          version: 'changedAt',
          facts: [{ type: 'call.completed', at: 'endedAt' }],
        },
        complaint: {
          id: 'id',
          customer: { kind: 'account', id: 'account' },
          version: 'changedAt',
          facts: [{ type: 'complaint.opened', at: 'openedAt' }],
        },
      },
    },
  },
  channels: {
    alerts: { type: 'standard-webhook', url: alertUrl, secrets: [{ env: 'REGRADE_BENCH_ALERT_SECRET' }] },
  },
});

const playbook = {
  apiVersion: 'regrade/v1',
  kind: 'Playbook',
  id: 'bench',
  rules: [
    {
      id: 'changes',
      when: {},
      do: [
        {
          alert: {
            channel: 'alerts',
            title: both('{{customer}}: {{from}} to {{to}}'),
            text: both('{{reasons}}'),
          },
        },
      ],
    },
  ],
};
