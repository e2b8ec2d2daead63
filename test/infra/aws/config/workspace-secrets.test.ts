import { describe, expect, it } from 'vitest';
import { callsOf } from '#infra/aws/config/calls-of.ts';
import { fileSecretsOf, secretNamesOf } from '#infra/aws/config/secret-names.ts';
import { pathText } from '#infra/node/workspace/problem.ts';
import { Workspace } from '#shared/definitions/workspace.ts';

const env = (name: string) => ({ env: name });

const shop = {
  vendor: 'generic',
  signature: { kind: 'standard-webhooks', secrets: [env('SHOP'), env('SHOP_OLD')] },
  records: {},
};

const zoho = {
  vendor: 'zoho',
  dataCentre: 'eu',
  client: { id: env('ZOHO_ID'), secret: env('ZOHO_SECRET'), refreshToken: env('ZOHO_TOKEN') },
  notifications: { pathSecrets: [env('ZOHO_PATH')], channels: [{ id: '1', tokens: [env('ZOHO_CHANNEL')] }] },
  workflow: { secrets: [env('ZOHO_RULE')] },
};

const fxiaoke = {
  vendor: 'fxiaoke',
  app: { id: env('FX_ID'), secret: env('FX_SECRET'), permanentCode: env('FX_CODE'), actingUser: 'FSUID_1' },
  push: { keys: [env('FX_KEY')] },
  apl: { auth: 'bearer', secrets: [env('FX_APL')] },
};

const channels = {
  chat: { type: 'wecom-robot', url: env('ROBOT') },
  mail: {
    type: 'email',
    host: 'smtp.example.com',
    user: env('SMTP_USER'),
    password: env('SMTP_PASSWORD'),
    from: 'a@b.c',
  },
  alerts: { type: 'standard-webhook', url: 'https://example.com', secrets: [env('ALERT'), env('SHOP')] },
};

const workspaceOf = (changes: object): Workspace =>
  Workspace.parse({
    apiVersion: 'regrade/v1',
    kind: 'Workspace',
    timezone: 'Europe/London',
    currency: 'GBP',
    models: ['models/a.yaml'],
    connections: { shop },
    ...changes,
  });

describe('secretNamesOf', () => {
  it('keeps apart who calls us, whom we read and write, and whom we tell', () => {
    expect(secretNamesOf(workspaceOf({ connections: { shop, zoho, fxiaoke }, channels }))).toEqual({
      entrances: ['SHOP', 'SHOP_OLD', 'ZOHO_PATH', 'ZOHO_CHANNEL', 'ZOHO_RULE', 'FX_KEY', 'FX_APL'],
      crm: ['ZOHO_ID', 'ZOHO_SECRET', 'ZOHO_TOKEN', 'FX_ID', 'FX_SECRET', 'FX_CODE'],
      channels: ['ROBOT', 'SMTP_USER', 'SMTP_PASSWORD', 'ALERT', 'SHOP'],
    });
  });

  it('names each once', () => {
    const twice = { ...shop, signature: { ...shop.signature, secrets: [env('SHOP'), env('SHOP')] } };
    expect(secretNamesOf(workspaceOf({ connections: { shop: twice, other: shop } })).entrances).toEqual([
      'SHOP',
      'SHOP_OLD',
    ]);
  });

  it('takes an attribute that is called env for no secret', () => {
    const records = { customer: { id: 'id', customer: { kind: 'account', id: 'id' }, attributes: { env: 'env' } } };
    expect(secretNamesOf(workspaceOf({ connections: { shop: { ...shop, records } } })).entrances).toEqual([
      'SHOP',
      'SHOP_OLD',
    ]);
  });
});

describe('fileSecretsOf', () => {
  it('refuses secrets in files, where they stand and with a name to use instead', () => {
    const filed = { ...zoho, client: { ...zoho.client, refreshToken: { file: 'secrets/token' } } };
    const refused = fileSecretsOf(workspaceOf({ connections: { 'zoho-eu': filed } }));
    expect(refused.map(({ path }) => pathText(path))).toEqual(['connections.zoho-eu.client.refreshToken']);
    expect(refused[0]!.message).toContain('secrets/token');
    expect(refused[0]!.cure).toMatch(/\{ env: ZOHO_EU_CLIENT_REFRESH_TOKEN \}.*regrade secrets set/);
  });

  it('has nothing against references to the environment', () => {
    expect(fileSecretsOf(workspaceOf({ connections: { shop, zoho, fxiaoke }, channels }))).toEqual([]);
  });
});

describe('callsOf', () => {
  const { client: _client, ...deafZoho } = zoho;
  const { app: _app, ...deafFxiaoke } = fxiaoke;

  it.each([
    ['a shop that only sends', { connections: { shop } }, { crm: false, channels: false }],
    [
      'CRMs that are not read back',
      { connections: { zoho: deafZoho, fxiaoke: deafFxiaoke } },
      { crm: false, channels: false },
    ],
    ['a CRM with a client', { connections: { shop, zoho } }, { crm: true, channels: false }],
    ['a CRM with an app', { connections: { fxiaoke } }, { crm: true, channels: false }],
    ['channels', { channels }, { crm: false, channels: true }],
  ])('says whom a workspace calls: %s', (_what, changes, calls) => {
    expect(callsOf(workspaceOf(changes))).toEqual(calls);
  });
});
