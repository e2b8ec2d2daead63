import { createHash, createHmac } from 'node:crypto';
import { Workspace } from '#shared/definitions/workspace.ts';
import { canonicalJson } from '#shared/domain/json.ts';
import { Playbook } from '#shared/domain/playbook.ts';
import { Model } from '#shared/grading/model.ts';
import type { LoadedWorkspace } from '../../infra/node/workspace/load-workspace.ts';

export const shopSecret = 'a-secret-of-the-shop-0123456789';
/** Signs what we send out: 32 bytes, in the form of Standard Webhooks. */
export const alertSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** Sales of the last 30 days decide: A from 1,000, B from 100. */
export const shopModel = {
  apiVersion: 'grading/v1',
  kind: 'GradingModel',
  id: 'shop-abc',
  version: 1,
  title: { zh: '店铺分级', en: 'Shop tiers' },
  subject: 'account',
  timezone: 'Europe/London',
  currency: 'GBP',
  scope: { when: { exists: { field: 'name' } } },
  signals: {
    sales30d: {
      title: { zh: '近 30 天销售额', en: 'Sales in the last 30 days' },
      from: { events: ['invoice.paid', 'invoice.refunded'] },
      value: { path: 'amount', sign: { 'invoice.refunded': -1 } },
      agg: 'sum',
      window: { last: 'P30D', align: 'instant' },
    },
  },
  score: { combine: 'single', signal: 'sales30d' },
  grades: [
    { id: 'A', label: { zh: '重点', en: 'Key' } },
    { id: 'B', label: { zh: '成长', en: 'Growth' } },
    { id: 'C', label: { zh: '标准', en: 'Standard' } },
  ],
  cutoffs: { method: 'absolute', atLeast: { A: 1000, B: 100 } },
};

/** The best fifth, and the best half, of each region by sales of the last 30 days. */
export const rankedShopModel = {
  ...shopModel,
  partitions: ['region'],
  cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 }, tieBreak: ['id'] },
};

export interface ShopSettings {
  readonly folder: string;
  readonly channels?: Record<string, unknown>;
  readonly rules?: readonly unknown[];
  readonly model?: unknown;
}

/** A workspace with one generic connection, `shop`, whose deliveries are signed by HMAC. */
export const shopWorkspace = ({
  folder,
  channels = {},
  rules = [],
  model = shopModel,
}: ShopSettings): LoadedWorkspace => {
  process.env['REGRADE_TEST_SHOP_SECRET'] = shopSecret;
  process.env['REGRADE_TEST_ALERT_SECRET'] = alertSecret;
  const parsed = Model.parse(model);
  const workspace = Workspace.parse({
    apiVersion: 'regrade/v1',
    kind: 'Workspace',
    timezone: 'Europe/London',
    currency: 'GBP',
    language: 'en',
    listen: { host: '127.0.0.1', port: 0 },
    data: 'data',
    models: ['models/shop.yaml'],
    playbooks: rules.length === 0 ? [] : ['playbooks/shop.yaml'],
    allowLoopback: true,
    connections: { shop: shopConnection },
    channels,
  });
  const playbooks =
    rules.length === 0 ? [] : [Playbook.parse({ apiVersion: 'regrade/v1', kind: 'Playbook', id: 'shop', rules })];
  const hash = createHash('sha256').update(canonicalJson(parsed)).digest('hex');
  return { workspace, models: [{ model: parsed, hash, file: 'models/shop.yaml' }], playbooks, folder };
};

const shopConnection = {
  vendor: 'generic',
  signature: { kind: 'hmac', header: 'x-shop-signature', secrets: [{ env: 'REGRADE_TEST_SHOP_SECRET' }] },
  items: 'records',
  object: 'type',
  deletion: { path: 'deleted', values: ['true'] },
  records: {
    customer: {
      id: 'id',
      customer: { kind: 'account', id: 'id' },
      version: 'changedAt',
      attributes: { name: 'name', ownerEmail: 'ownerEmail', region: 'region' },
    },
    invoice: {
      id: 'id',
      customer: { kind: 'account', id: 'customer' },
      version: 'changedAt',
      facts: [
        { type: 'invoice.paid', at: 'paidAt', amount: 'amount', sign: 'positive' },
        { type: 'invoice.refunded', at: 'paidAt', amount: 'amount', sign: 'negative', absolute: true },
      ],
    },
  },
};

export interface Signed {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A delivery as the shop would send it. */
export const signShop = (records: readonly unknown[], secret = shopSecret): Signed => {
  const body = JSON.stringify({ records });
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-shop-signature': signature } };
};

export const sendShop = (
  url: string,
  signed: Signed,
  extra: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(`${url}/hooks/generic/shop`, { method: 'POST', body: signed.body, headers: { ...signed.headers, ...extra } });
