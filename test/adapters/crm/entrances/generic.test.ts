import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type GenericEntranceOptions, genericEntrance } from '../../../../shared/adapters/crm/generic/entrance.ts';
import { RecordMapping } from '../../../../shared/definitions/mapping.ts';
import type { Entered } from '../../../../shared/ports/entrance.ts';
import {
  bytes,
  deliveryOf,
  genericOptions,
  invoiceMapping,
  standardSecret,
  standardSigned,
} from './good-deliveries.ts';

const standard = { kind: 'standard-webhooks', secrets: [standardSecret], toleranceSeconds: 300 } as const;
const hmac = {
  kind: 'hmac',
  header: 'x-hub-signature-256',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
} as const;

const send = (body: unknown, changes: Partial<GenericEntranceOptions> = {}): Entered =>
  genericEntrance({ ...genericOptions, signature: standard, ...changes }).enter(
    deliveryOf(standardSigned(bytes(body))),
  );

const invoice = { type: 'invoice', number: 'inv-1', updated: '2026-03-01T10:00:00Z' };

describe('Standard Webhooks', () => {
  it.each([
    [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '1614265330',
      '{"test": 2432232314}',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
    [
      standardSecret,
      'msg_test1',
      '1700000000',
      '{"type":"grade.changed"}',
      'v1,GGlBNk7lBeuVDCNqbHKWUc7yzZo/KWdh6BuUKeKrmck=',
    ],
  ])('agree with the published vector of %s', (secret, id, at, body, signature) => {
    const headers = { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature };
    const entrance = genericEntrance({ ...genericOptions, signature: { ...standard, secrets: [secret] } });
    const enter = (text: string) =>
      entrance.enter(deliveryOf({ body: bytes(text), headers, wallNow: Number(at) * 1000 }));
    // proven, though neither vector is a record
    expect(enter(body)).toMatchObject({ outcome: 'unreadable' });
    expect(enter(`${body} `)).toEqual({ outcome: 'forged' });
  });

  it('are taken when any listed signature is by any secret that is still valid', () => {
    const newer = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
    const entrance = genericEntrance({
      ...genericOptions,
      signature: { ...standard, secrets: [newer, standardSecret] },
    });
    const sent = standardSigned(bytes(invoice));
    const headers = {
      ...sent.headers,
      'webhook-signature': `v1a,AAAA v1,BBBB ${sent.headers['webhook-signature'] ?? ''}`,
    };
    expect(entrance.enter(deliveryOf({ ...sent, headers })).outcome).toBe('accepted');
    expect(entrance.enter(deliveryOf(standardSigned(bytes(invoice), newer))).outcome).toBe('accepted');
  });

  it('are refused outside the tolerance, on both sides', () => {
    const entrance = genericEntrance({ ...genericOptions, signature: standard });
    const at = (wallNow: number) => entrance.enter(deliveryOf({ ...standardSigned(bytes(invoice)), wallNow }));
    expect(at(1_700_000_300_000).outcome).toBe('accepted');
    expect(at(1_700_000_300_001)).toEqual({ outcome: 'forged' });
    expect(at(1_699_999_699_999)).toEqual({ outcome: 'forged' });
  });

  it('name a delivery by the id that the sender keeps on every attempt', () => {
    expect(send(invoice)).toMatchObject({ delivery: 'msg_1' });
    const entrance = genericEntrance({ ...genericOptions, signature: standard });
    expect(entrance.enter(deliveryOf(standardSigned(bytes(invoice), standardSecret, 'x'.repeat(201))))).toEqual({
      outcome: 'forged',
    });
  });

  it.each([
    'whsec_short',
    'whsec_',
    `whsec_${Buffer.alloc(65).toString('base64')}`,
    'whsec_not base64 at all, though long enough to be one',
  ])('cannot be set up with %s', (secret) => {
    const build = () => genericEntrance({ ...genericOptions, signature: { ...standard, secrets: [secret] } });
    expect(build).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(build).not.toThrow(secret.slice('whsec_'.length) || 'never');
  });
});

describe('an HMAC header', () => {
  const entrance = genericEntrance({
    ...genericOptions,
    signature: { ...hmac, secrets: ['hub-secret-2', 'hub-secret-1'] },
  });
  const signed = (body: Uint8Array, secret = 'hub-secret-1') => ({
    body,
    headers: { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` },
  });

  it('is taken by any secret that is still valid and names the delivery by its body', () => {
    const entered = entrance.enter(deliveryOf(signed(bytes(invoice))));
    expect(entered).toMatchObject({ outcome: 'accepted', delivery: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(entrance.enter(deliveryOf(signed(bytes(invoice), 'hub-secret-2')))).toEqual(entered);
    expect(entrance.enter(deliveryOf(signed(bytes({ ...invoice, number: 'inv-2' }))))).not.toMatchObject({
      delivery: entered.outcome === 'accepted' ? entered.delivery : '',
    });
  });

  it('is refused without its prefix, in capitals, and by another secret', () => {
    const { body, headers } = signed(bytes(invoice));
    const value = headers['x-hub-signature-256'];
    for (const wrong of [value.slice('sha256='.length), value.toUpperCase(), `${value}0`, ''])
      expect(entrance.enter(deliveryOf({ body, headers: { 'x-hub-signature-256': wrong } }))).toEqual({
        outcome: 'forged',
      });
    expect(entrance.enter(deliveryOf(signed(body, 'hub-secret-3')))).toEqual({ outcome: 'forged' });
  });

  it('may be SHA-1 or SHA-512, in Base64', () => {
    for (const algorithm of ['sha1', 'sha512'] as const) {
      const signature = { ...hmac, algorithm, encoding: 'base64', prefix: '', secrets: ['hub-secret-1'] } as const;
      const given = createHmac(algorithm, 'hub-secret-1').update(bytes(invoice)).digest('base64');
      const delivery = deliveryOf({ body: bytes(invoice), headers: { 'x-hub-signature-256': given } });
      expect(genericEntrance({ ...genericOptions, signature }).enter(delivery).outcome).toBe('accepted');
    }
  });
});

describe('a generic body', () => {
  it('is one record, carried whole', () => {
    expect(send(invoice)).toMatchObject({
      hints: [{ object: 'invoice', id: 'inv-1', operation: 'upsert', payload: invoice }],
    });
  });

  it('is a list of records where the workspace says so, in the order sent', () => {
    const second = { ...invoice, number: 'inv-2' };
    expect(send({ data: { rows: [invoice, second] } }, { items: 'data.rows' })).toMatchObject({
      hints: [
        { id: 'inv-1', payload: invoice },
        { id: 'inv-2', payload: second },
      ],
    });
    expect(send({ rows: [] }, { items: 'rows' })).toMatchObject({ outcome: 'accepted', hints: [] });
  });

  it('may name the kind of record once for the whole list', () => {
    const entered = send({ type: 'invoice', rows: [{ number: 'inv-1' }] }, { items: 'rows' });
    expect(entered).toMatchObject({ hints: [{ object: 'invoice', id: 'inv-1', payload: { number: 'inv-1' } }] });
  });

  it('shows deletions where the workspace says so', () => {
    const deletion = { path: 'status', values: ['deleted', 'true'] };
    expect(send({ ...invoice, status: 'deleted' }, { deletion })).toMatchObject({ hints: [{ operation: 'delete' }] });
    expect(send({ ...invoice, status: true }, { deletion })).toMatchObject({ hints: [{ operation: 'delete' }] });
    expect(send({ ...invoice, status: 'open' }, { deletion })).toMatchObject({ hints: [{ operation: 'upsert' }] });
  });

  it('keeps records nobody mapped, if they have an id, so that they are counted', () => {
    expect(send({ type: 'constructor', id: 7 })).toMatchObject({ hints: [{ object: 'constructor', id: '7' }] });
    expect(send({ type: 'meeting' })).toEqual({ outcome: 'unreadable', reason: 'record 1 has no usable id at id' });
  });

  it('keeps all digits of a long number', () => {
    const entered = send('{"type":"meeting","id":6756839000000575405,"note":": 6756839000000575405"}');
    expect(entered).toMatchObject({
      hints: [{ id: '6756839000000575405', payload: { note: ': 6756839000000575405' } }],
    });
  });

  it('says the last of a record that a delivery repeats, where arrival is the version', () => {
    const unversioned = RecordMapping.parse({ ...invoiceMapping, version: undefined });
    const rows = [
      { ...invoice, total: 1 },
      { ...invoice, number: 'inv-2' },
      { ...invoice, total: 2 },
    ];
    expect(send({ rows }, { items: 'rows', records: { invoice: unversioned } })).toMatchObject({
      hints: [{ id: 'inv-2' }, { id: 'inv-1', payload: { total: 2 } }],
    });
    expect(send({ rows }, { items: 'rows' })).toMatchObject({ hints: { length: 3 } });
  });

  it.each([
    [[], {}, 'record 1 is not an object'],
    ['7', {}, 'record 1 is not an object'],
    [{ number: 'inv-1' }, {}, 'record 1 has no usable kind at type'],
    [{ type: 'a/b', id: '1' }, {}, 'record 1 has no usable kind at type'],
    [{ type: 'invoice', number: 'a\u0000b' }, {}, 'record 1 has no usable id at number'],
    ['{"type":"invoice","number":"\\ud800"}', {}, 'record 1 has no usable id at number'],
    [{ type: 'invoice', number: 'x'.repeat(129) }, {}, 'record 1 has no usable id at number'],
    [{ rows: [invoice, null] }, { items: 'rows' }, 'record 2 is not an object'],
    [{ rows: invoice }, { items: 'rows' }, 'no list stands at rows'],
    [{ rows: Array.from({ length: 501 }, () => invoice) }, { items: 'rows' }, 'more than 500 records in one delivery'],
  ])('of another shape is refused with a plain reason', (body, changes, reason) => {
    expect(send(body, changes)).toEqual({ outcome: 'unreadable', reason });
  });

  it('carries keys called __proto__ as data and changes no prototype', () => {
    const entered = send('{"type":"invoice","number":"1","__proto__":{"number":"2","polluted":true}}');
    expect(entered).toMatchObject({ hints: [{ id: '1' }] });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
