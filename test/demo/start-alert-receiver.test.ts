import { describe, expect, it, onTestFinished } from 'vitest';
import { startAlertReceiver } from '#infra/demo/start-alert-receiver.ts';
import { secretBytes, signatureHeader } from '#shared/adapters/channels/standard-webhook-signature.ts';
import type { Announcement } from '#shared/domain/delivery.ts';
import { alertSecret } from '../kit/shop-workspace.ts';

const alert = JSON.stringify({
  type: 'customer.grade.changed',
  timestamp: '2011-03-02T00:00:00.000Z',
  data: {
    change: 'account:zoho:17850#2',
    customer: 'account:zoho:17850',
    from: 'A',
    to: 'C',
    direction: 'down',
    score: 0,
    model: { id: 'demo-gbp', version: 1, hash: 'h' },
    reasons: ['time passed'],
    tags: {},
  },
});

const start = async () => {
  const heard: Announcement[] = [];
  const receiver = await startAlertReceiver({ port: 0, secret: alertSecret, onAlert: (each) => heard.push(each) });
  onTestFinished(() => receiver.stop());
  const post = async (body: string, { id = 'act_1', ageSeconds = 0, signed = body } = {}): Promise<number> => {
    const timestamp = Math.floor(Date.now() / 1_000) - ageSeconds;
    const signature = signatureHeader([secretBytes(alertSecret)], id, timestamp, signed);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
    return (await fetch(receiver.url, { method: 'POST', body, headers })).status;
  };
  return { receiver, heard, post };
};

describe('startAlertReceiver', () => {
  it('hears a signed alert once, however often it is sent', async () => {
    const { receiver, heard, post } = await start();
    expect([await post(alert), await post(alert)]).toEqual([204, 204]);
    expect(heard.map(({ to, at }) => [to, at])).toEqual([['C', Date.UTC(2011, 2, 2)]]);
    expect([receiver.verified(), receiver.refused()]).toEqual([1, 0]);
  });

  it.each([
    ['a body other than the signed one', { signed: `${alert} ` }],
    ['a signature that is too old', { ageSeconds: 3_600 }],
  ])('refuses %s', async (_, forgery) => {
    const { receiver, heard, post } = await start();
    expect(await post(alert, forgery)).toBe(401);
    expect([heard.length, receiver.refused()]).toEqual([0, 1]);
  });

  it('refuses what carries no signature at all', async () => {
    const { receiver } = await start();
    expect((await fetch(receiver.url, { method: 'POST', body: alert })).status).toBe(401);
  });

  it.each(['', '{', '{"type":"other"}'])('answers 400 to a signed body that is no alert: %j', async (body) => {
    const { heard, post } = await start();
    expect(await post(body)).toBe(400);
    expect(heard).toEqual([]);
  });

  it('takes no more than an alert can be', async () => {
    const { post } = await start();
    expect(await post('x'.repeat(100_000))).toBe(413);
  });
});
