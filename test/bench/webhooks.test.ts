import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { benchSecret, signatureHeader } from './bench-workspace.ts';
import { customerOf, webhookSource } from './webhooks.ts';

const parts = (request: Buffer) => {
  const [head = '', body = ''] = request.toString().split('\r\n\r\n');
  return { head, body, signature: new RegExp(`${signatureHeader}: (\\w+)`).exec(head)?.[1] };
};

describe('webhookSource', () => {
  const made = webhookSource(500, 3).make(400);

  it('makes bodies of 1 KB', () => {
    expect(new Set(made.map(({ request }) => parts(request).body.length))).toEqual(new Set([1_024]));
  });

  it('signs every body', () => {
    for (const { request } of made) {
      const { body, signature } = parts(request);
      expect(signature).toBe(createHmac('sha256', benchSecret).update(body).digest('hex'));
    }
  });

  it('says whom each is about', () => {
    for (const { customer, request } of made) {
      const { type, id, account } = JSON.parse(parts(request).body) as Record<string, string>;
      expect(customer.endsWith(String(type === 'account' ? id : account))).toBe(true);
    }
    expect(customerOf(7)).toBe('account:crm:acc-0000007');
  });

  it('never makes the same record twice, however often it is asked', () => {
    const source = webhookSource(500, 3);
    const ids = [...source.make(200), ...source.make(200)]
      .map(({ request }) => JSON.parse(parts(request).body) as { type: string; id: string })
      .filter(({ type }) => type !== 'account')
      .map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
