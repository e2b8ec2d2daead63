import { describe, expect, it } from 'vitest';
import { outgoingRequest } from '../../../shared/adapters/channels/outgoing-request.ts';
import { standardWebhookChannel } from '../../../shared/adapters/channels/standard-webhook.ts';
import { secretBytes, signatureHeader } from '../../../shared/adapters/channels/standard-webhook-signature.ts';
import type { Announcement, Delivery } from '../../../shared/domain/delivery.ts';
import { deliveryOf, gradeOf, noon } from '../../contract/action-samples.ts';
import { listen, receiver } from './receiver.ts';

const [one, two] = [
  'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
] as const;
const request = outgoingRequest({ allowLoopback: true, timeoutMs: 300 });
const hook = (url: URL, more: object = {}) =>
  standardWebhookChannel({
    url: url.href,
    secrets: [one, two],
    onUnknown: 'hold',
    request,
    wallNow: () => noon + 999,
    ...more,
  });
const delivery = deliveryOf('a', { channel: 'hook', attempts: 1 });
const announcing = (more: Partial<Announcement>): Delivery => {
  const { content } = delivery;
  return content.kind === 'alert'
    ? { ...delivery, content: { ...content, announcement: { ...content.announcement, ...more } } }
    : delivery;
};

describe('the signature of a Standard Webhook', () => {
  it.each([
    [one, 'msg_test1', 1700000000, '{"type":"grade.changed"}', 'v1,GGlBNk7lBeuVDCNqbHKWUc7yzZo/KWdh6BuUKeKrmck='],
    [
      two,
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
  ])('by %s of %s is as published', (secret, id, timestamp, body, signature) => {
    expect(signatureHeader([secretBytes(secret)], id, timestamp, body)).toBe(signature);
    expect(signatureHeader([secretBytes(secret.slice('whsec_'.length))], id, timestamp, body)).toBe(signature);
  });

  it.each(['', 'whsec_', 'whsec_AAEC', 'whsec_not base64 at all, not at all', `whsec_${'A'.repeat(100)}`])(
    'refuses the secret %j without quoting it',
    (secret) => {
      expect(() => secretBytes(secret)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.not.stringContaining('AAEC') as string,
        }) as Error,
      );
    },
  );
});

describe('the Standard Webhook channel', () => {
  it('signs with every secret, under the id of the delivery, with the second of this attempt', async () => {
    const { url, taken } = await receiver(204);
    expect(await hook(url).send(delivery)).toEqual({ outcome: 'delivered' });
    const { headers, body } = taken[0]!;
    const timestamp = Math.floor((noon + 999) / 1_000);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': delivery.id,
      'webhook-timestamp': String(timestamp),
    });
    expect(headers['webhook-signature']).toBe(
      signatureHeader([one, two].map(secretBytes), delivery.id, timestamp, body),
    );
    expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2);
  });

  it('says what changed, from what to what, and why', async () => {
    const { url, taken } = await receiver(200);
    await hook(url).send(delivery);
    expect(JSON.parse(taken[0]!.body)).toEqual({
      type: 'customer.grade.changed',
      timestamp: '2026-03-02T12:00:00.000Z',
      data: {
        change: 'account:zoho-eu:42#1',
        customer: 'account:zoho-eu:42',
        from: 'B',
        to: 'A',
        direction: 'up',
        score: 61.26,
        model: { id: 'value', version: 1, hash: 'h1' },
        reasons: ['because'],
        tags: {},
      },
    });
  });

  it('stays below 20 kB, the largest reasons first', async () => {
    const { url, taken } = await receiver(200);
    const reasons = Array.from({ length: 400 }, (_, index) => `${index} 近一年销售额下降很多。`.repeat(3));
    await hook(url).send(announcing({ reasons }));
    await hook(url).send(announcing({ tags: { long: 'x'.repeat(30_000) } }));
    expect(taken.every(({ body }) => Buffer.byteLength(body) < 20_000)).toBe(true);
    const sent = (JSON.parse(taken[0]!.body) as { data: { reasons: string[] } }).data.reasons;
    expect(sent.length).toBeGreaterThan(50);
    expect(sent).toEqual(reasons.slice(0, sent.length));
  });

  it.each([
    [200, {}, { outcome: 'delivered' }],
    [299, {}, { outcome: 'delivered' }],
    [301, { location: 'http://127.0.0.1/' }, { outcome: 'retry', reason: 'HTTP 301' }],
    [400, {}, { outcome: 'retry' }],
    [401, { 'retry-after': '9' }, { outcome: 'retry' }],
    [410, {}, { outcome: 'refused', disable: true }],
    [429, { 'retry-after': '90' }, { outcome: 'retry', afterMs: 90_000 }],
    [500, {}, { outcome: 'retry' }],
    [502, { 'retry-after': 'Mon, 02 Mar 2026 12:01:00 GMT' }, { outcome: 'retry', afterMs: 59_001 }],
    [504, {}, { outcome: 'retry' }],
  ])('takes HTTP %i with %j for %j', async (status, headers, expected) => {
    const { url } = await receiver(status, '', headers);
    const result = await hook(url).send(delivery);
    expect(result).toMatchObject(expected);
    expect('afterMs' in result).toBe('afterMs' in expected);
  });

  it('has a key, so that a time-out is sent again whatever else was said', async () => {
    const channel = hook(await listen(() => undefined));
    expect(channel).toMatchObject({ keyed: true, digestBy: 'never' });
    expect(channel).not.toHaveProperty('perMinute');
    expect(await channel.send(delivery)).toMatchObject({ outcome: 'unknown' });
  });

  it('refuses private addresses and what is no alert', async () => {
    const guarded = standardWebhookChannel({
      url: 'http://169.254.169.254/',
      secrets: [one],
      onUnknown: 'hold',
      request: outgoingRequest({ allowLoopback: true }),
      wallNow: () => noon,
    });
    expect(await guarded.send(delivery)).toEqual({ outcome: 'refused', reason: 'the address is private or reserved' });
    expect(await guarded.send(gradeOf('g', 'A'))).toMatchObject({
      outcome: 'refused',
      reason: 'a webhook cannot bring a grade',
    });
  });
});
