import { createHash, createHmac } from 'node:crypto';
import { fxiaokeApl } from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-apl.ts';
import { fxiaokeCipher } from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-cipher.ts';
import { fxiaokeEvents } from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-events.ts';
import { genericEntrance } from '../../../../shared/adapters/crm/generic/entrance.ts';
import { zohoNotifications } from '../../../../shared/adapters/crm/zoho/entrances/zoho-notifications.ts';
import { zohoWorkflow } from '../../../../shared/adapters/crm/zoho/entrances/zoho-workflow.ts';
import { RecordMapping } from '../../../../shared/definitions/mapping.ts';
import type { Delivery, Entrance } from '../../../../shared/ports/entrance.ts';

export const wallNow = 1_700_000_000_500;
export const parseKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
export const standardSecret = `whsec_${parseKey}`;

/** A delivery as data: what a test may change before it is sent. */
export interface Sent {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly pathSecret?: string;
  readonly wallNow?: number;
}

export const deliveryOf = ({ body, headers, pathSecret, wallNow: at = wallNow }: Sent): Delivery => ({
  body,
  header: (name) => headers[name.toLowerCase()],
  ...(pathSecret === undefined ? {} : { pathSecret }),
  wallNow: at,
});

export const bytes = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

export const notification = {
  server_time: 1750102639787,
  affected_values: [{ record_id: '6756839000000575405', values: { Company: 'Rangoni Of Test', Phone: '555' } }],
  query_params: {},
  module: 'Leads',
  resource_uri: 'https://www.zohoapis.com/crm/v2/Leads',
  ids: ['6756839000000575405'],
  affected_fields: [{ '6756839000000575405': ['Company', 'Phone'] }],
  operation: 'update',
  channel_id: '1105420521999070702',
  token: 'token-of-the-channel',
};

const envelopeOf = (plain: string, key: string): Record<string, unknown> => {
  const encryptedContent = fxiaokeCipher(key).encrypt(plain);
  const envelope = { timestamp: 1_700_000_000_123, nonce: 'abcDEF123456xyz7', messageId: 'MSG-TEST-0001' };
  const enterpriseAccount = 'demo_ea';
  const signature = createHash('sha1')
    .update(`${envelope.timestamp}${envelope.nonce}${envelope.messageId}${enterpriseAccount}${encryptedContent}${key}`)
    .digest('hex');
  return { ...envelope, enterpriseAccount, encryptedContent, signature };
};

export const pushOf = (content: unknown, key: string = parseKey): Sent => ({
  body: bytes(envelopeOf(typeof content === 'string' ? content : JSON.stringify(content), key)),
  headers: { 'content-type': 'application/json;charset=UTF-8' },
});

export const aplBody = { event_id: 'a1-1700000000000', event: 'upsert', api_name: 'AccountObj', id: 'a1b2c3' };

export const aplSigned = (body: Uint8Array, secret = 'apl-secret-one', at = '1700000000000'): Sent => ({
  body,
  headers: {
    'x-timestamp': at,
    'x-signature': `v1=${createHmac('sha256', secret).update(`${at}.`).update(body).digest('hex')}`,
  },
});

export const standardSigned = (body: Uint8Array, secret = standardSecret, id = 'msg_1', at = '1700000000'): Sent => ({
  body,
  headers: {
    'webhook-id': id,
    'webhook-timestamp': at,
    'webhook-signature': `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
      .update(`${id}.${at}.`)
      .update(body)
      .digest('base64')}`,
  },
});

export const invoiceMapping = RecordMapping.parse({
  id: 'number',
  customer: { kind: 'account', id: 'account' },
  version: 'updated',
});

export const genericOptions = { object: 'type', records: { invoice: invoiceMapping } };

const standard = { kind: 'standard-webhooks', secrets: [standardSecret], toleranceSeconds: 300 } as const;

/** The five ways in, each with a delivery it takes and whether every bit of the body is covered by a signature. */
export const fiveEntrances: readonly { name: string; entrance: Entrance; good: Sent; isBodySigned: boolean }[] = [
  {
    name: 'zoho-notifications',
    entrance: zohoNotifications({
      pathSecrets: ['path-secret-old', 'path-secret-new'],
      channels: [{ id: '1105420521999070702', tokens: ['token-of-the-channel'] }],
    }),
    good: { body: bytes(notification), headers: {}, pathSecret: 'path-secret-new' },
    isBodySigned: false,
  },
  {
    name: 'zoho-workflow',
    entrance: zohoWorkflow({ header: 'x-ingest-key', secrets: ['ingest-secret-1', 'ingest-secret-2'] }),
    good: {
      body: bytes({ v: 1, module: 'Deals', id: '554023000000527003', event: 'edit' }),
      headers: { 'x-ingest-key': 'ingest-secret-2', 'content-type': 'application/json' },
    },
    isBodySigned: false,
  },
  {
    name: 'fxiaoke-events',
    entrance: fxiaokeEvents({ keys: [parseKey], maxAgeSeconds: 86_400, deletions: ['invalid'], nonce: () => 'n' }),
    good: pushOf({ eventType: 'update', apiName: 'AccountObj', dataId: '0123456789abcdef01234567', messageId: 'M-1' }),
    isBodySigned: true,
  },
  {
    name: 'fxiaoke-apl',
    entrance: fxiaokeApl({ auth: 'hmac-body', secrets: ['apl-secret-two', 'apl-secret-one'], maxAgeSeconds: 900 }),
    good: aplSigned(bytes(aplBody)),
    isBodySigned: true,
  },
  {
    name: 'generic',
    entrance: genericEntrance({ ...genericOptions, signature: standard }),
    good: standardSigned(bytes({ type: 'invoice', number: 'inv-1', account: 'a-1', updated: '2026-03-01T10:00:00Z' })),
    isBodySigned: true,
  },
];
