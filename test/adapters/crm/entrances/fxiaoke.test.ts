import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fxiaokeApl } from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-apl.ts';
import { fxiaokeCipher } from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-cipher.ts';
import {
  type FxiaokeEventsOptions,
  fxiaokeEvents,
} from '../../../../shared/adapters/crm/fxiaoke/entrances/fxiaoke-events.ts';
import { aplBody, aplSigned, bytes, deliveryOf, parseKey, pushOf, type Sent, wallNow } from './good-deliveries.ts';

const otherKey = Buffer.alloc(32, 9).toString('base64');

const published = {
  signature: 'd32020bb9e901e559067a86c7c3a544041906835',
  timestamp: 1700000000123,
  nonce: 'abcDEF123456xyz7',
  messageId: 'MSG-TEST-0001',
  enterpriseAccount: 'demo_ea',
  encryptedContent:
    'qW8wOpzMweFHsT8YFvuGq3w8XLIDVhCluwRP8EzbAdnAz0qCth4kLM+LsddVEHErq3aQWEO+sgJG8eqMjVBbSMrMTfsfD0qLJqScDgLOFTaZ7F/sG9kRac6yNiQswEC47BsrqDcYqO54oMZqEvvzRxatdUbQJaw6ksdXJwaYEu0YsSNwDBr3ae0c5ijRfWoqkrXKH+l/aQ41030DI0Tk9w==',
};

const push = (sent: Sent | object, changes: Partial<FxiaokeEventsOptions> = {}) =>
  fxiaokeEvents({
    keys: [otherKey, parseKey],
    maxAgeSeconds: 86_400,
    deletions: ['invalid', 'Delete'],
    nonce: () => 'respNONCE0000001',
    ...changes,
  }).enter(deliveryOf('body' in sent ? sent : { body: bytes(sent), headers: {} }));

describe('the FXiaoKe event push', () => {
  it('reads the reference push and answers with the reference reply', () => {
    expect(push(published)).toEqual({
      outcome: 'accepted',
      delivery: 'MSG-TEST-0001',
      hints: [{ object: 'AccountObj', id: '0123456789abcdef01234567', operation: 'upsert' }],
      reply: {
        contentType: 'application/json;charset=UTF-8',
        body: JSON.stringify({
          signature: '287505e4c68b3462d1df5fbc793e2e58b18a9e24',
          timestamp: 1700000000500,
          nonce: 'respNONCE0000001',
          encryptedResult: 'ArsKAyhvk7QKghXe0zdCeQ==',
        }),
      },
    });
  });

  it('takes a retry as a copy of the first attempt', () => {
    const retry = { ...published, retryTimes: 1, signature: 'da7da9b5a9372b24d329b4de7327098e8a6eed38' };
    expect(push(retry)).toMatchObject({ outcome: 'accepted', delivery: 'MSG-TEST-0001' });
    expect(push({ ...retry, retryTimes: 2 })).toEqual({ outcome: 'forged' });
    expect(push({ ...published, retryTimes: null })).toMatchObject({ outcome: 'accepted' });
  });

  it('answers with the key that the push was signed with', () => {
    const entered = push(pushOf({ apiName: 'AccountObj', dataId: '1' }, otherKey));
    if (entered.outcome !== 'accepted' || entered.reply === undefined) throw new Error('not answered');
    const reply = JSON.parse(entered.reply.body) as { encryptedResult: string };
    expect(fxiaokeCipher(otherKey).decrypt(reply.encryptedResult)?.toString()).toBe('success');
    expect(fxiaokeCipher(parseKey).decrypt(reply.encryptedResult)?.toString()).not.toBe('success');
  });

  it('refuses keys it does not hold, other enterprises, and pushes from outside the window', () => {
    expect(push(published, { keys: [otherKey] })).toEqual({ outcome: 'forged' });
    expect(push(published, { enterpriseAccount: 'demo_ea' }).outcome).toBe('accepted');
    expect(push(published, { enterpriseAccount: 'other_ea' })).toEqual({ outcome: 'forged' });
    const at = (wallNow: number) => push({ body: bytes(published), headers: {}, wallNow });
    expect(at(published.timestamp + 86_400_000).outcome).toBe('accepted');
    expect(at(published.timestamp + 86_400_001)).toEqual({ outcome: 'forged' });
    expect(at(published.timestamp - 86_400_001)).toEqual({ outcome: 'forged' });
  });

  it.each([
    ['update', 'upsert'],
    ['INVALID', 'delete'],
    ['delete', 'delete'],
    ['changeOwner', 'upsert'],
    ['something new', 'upsert'],
  ])('understands event type %s as %s', (eventType, operation) => {
    expect(push(pushOf({ apiName: 'AccountObj', dataId: '1', eventType }))).toMatchObject({ hints: [{ operation }] });
  });

  it('understands several events in one push', () => {
    const events = ['1', '2'].map((dataId) => ({ apiName: 'SalesOrderObj', dataId, eventType: 'update' }));
    expect(push(pushOf(events))).toMatchObject({ hints: [{ id: '1' }, { id: '2' }], delivery: 'MSG-TEST-0001' });
  });

  it('says what is wrong inside a signed push', () => {
    const wrong = 'encryptedContent must hold apiName, dataId and eventType of at least one record';
    expect(push(pushOf({ apiName: 'AccountObj' }))).toEqual({ outcome: 'unreadable', reason: wrong });
    expect(push(pushOf([]))).toEqual({ outcome: 'unreadable', reason: wrong });
    expect(push(pushOf('success'))).toEqual({
      outcome: 'unreadable',
      reason: 'inside encryptedContent the body is not JSON',
    });
  });

  it('names the cure when a parse key is none', () => {
    const built = () => push(published, { keys: ['too short'] });
    expect(built).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', retryable: false }));
    expect(built).toThrow(/openssl rand -base64 32/);
  });

  it('takes keys that are not strict Base64 but decode to 32 bytes', () => {
    expect(() => fxiaokeCipher(parseKey.replace('=', ''))).not.toThrow();
  });
});

describe('an APL function', () => {
  const secrets = ['apl-secret-two', 'apl-secret-one'];
  const byBody = fxiaokeApl({ auth: 'hmac-body', secrets, maxAgeSeconds: 900 });
  const byFields = fxiaokeApl({ auth: 'hmac-fields', secrets, maxAgeSeconds: 900 });
  const byBearer = fxiaokeApl({ auth: 'bearer', secrets, maxAgeSeconds: 900 });

  const fieldsSigned = (body: typeof aplBody, signed = body): Sent => {
    const text = `1700000000000.${signed.event_id}.${signed.api_name}.${signed.id}`;
    const signature = createHmac('sha256', 'apl-secret-one').update(text).digest('hex');
    return { body: bytes(body), headers: { 'x-timestamp': '1700000000000', 'x-signature': `v1=${signature}` } };
  };

  it('is taken when it signed the body, under the id of its run', () => {
    expect(byBody.enter(deliveryOf(aplSigned(bytes(aplBody))))).toEqual({
      outcome: 'accepted',
      delivery: 'a1-1700000000000',
      hints: [{ object: 'AccountObj', id: 'a1b2c3', operation: 'upsert' }],
    });
    const gone = byBody.enter(deliveryOf(aplSigned(bytes({ ...aplBody, event: 'invalid' }))));
    expect(gone).toMatchObject({ hints: [{ operation: 'delete' }] });
  });

  it('is refused outside the age window and with a timestamp that is no number', () => {
    const at = (later: number) =>
      byBody.enter(deliveryOf({ ...aplSigned(bytes(aplBody)), wallNow: 1_700_000_000_000 + later }));
    expect(at(900_000).outcome).toBe('accepted');
    expect(at(900_001)).toEqual({ outcome: 'forged' });
    expect(at(-900_001)).toEqual({ outcome: 'forged' });
    for (const when of ['', 'now', 'NaN', '1e12', '-1'])
      expect(byBody.enter(deliveryOf(aplSigned(bytes(aplBody), 'apl-secret-one', when)))).toEqual({
        outcome: 'forged',
      });
  });

  it('that signs fields is held to each of them, however the body is written', () => {
    expect(byFields.enter(deliveryOf(fieldsSigned(aplBody))).outcome).toBe('accepted');
    const respaced = { ...fieldsSigned(aplBody), body: bytes(JSON.stringify(aplBody, null, 2)) };
    expect(byFields.enter(deliveryOf(respaced)).outcome).toBe('accepted');
    for (const field of ['event_id', 'api_name', 'id'] as const)
      expect(byFields.enter(deliveryOf(fieldsSigned({ ...aplBody, [field]: 'other' }, aplBody)))).toEqual({
        outcome: 'forged',
      });
  });

  it('that signs fields is not believed about the one it does not sign', () => {
    const entered = byFields.enter(deliveryOf(fieldsSigned({ ...aplBody, event: 'invalid' })));
    expect(entered).toMatchObject({ hints: [{ operation: 'upsert' }] });
  });

  it('may prove itself by a bearer token', () => {
    const send = (authorization: string) =>
      byBearer.enter(deliveryOf({ body: bytes(aplBody), headers: { authorization } }));
    expect(send('Bearer apl-secret-one').outcome).toBe('accepted');
    expect(send('Bearer apl-secret-two').outcome).toBe('accepted');
    for (const wrong of ['Bearer apl-secret', 'apl-secret-one', 'Basic apl-secret-one', 'Bearer '])
      expect(send(wrong)).toEqual({ outcome: 'forged' });
  });

  it('is told what its body lacks once it is proven', () => {
    expect(byBody.enter(deliveryOf(aplSigned(bytes({ ...aplBody, event_id: '' }))))).toEqual({
      outcome: 'unreadable',
      reason: 'event_id is missing or not usable',
    });
    expect(byBody.enter(deliveryOf({ ...aplSigned(bytes('[')), wallNow }))).toEqual({
      outcome: 'unreadable',
      reason: 'the body is not JSON',
    });
  });
});
