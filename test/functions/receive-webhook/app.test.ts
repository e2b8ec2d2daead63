import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../../functions/receive-webhook/routes.ts';
import { limits } from '../../../shared/definitions/limits.ts';
import { Hint } from '../../../shared/domain/hint.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import {
  aplBody,
  aplSigned,
  bytes,
  notification,
  pushOf,
  type Sent,
  standardSigned,
} from '../../adapters/crm/entrances/good-deliveries.ts';
import { type Receiving, startReceiving } from './receiving-server.ts';

const json = { 'content-type': 'application/json' };
const invoice = { type: 'invoice', number: 'inv-1', account: 'a-1' };
const initOf = ({ body, headers }: Sent): RequestInit => ({
  body: Buffer.from(body),
  headers: { ...json, ...headers },
});

const goodRequests: readonly [string, string, Sent][] = [
  [
    '/hooks/zoho/zoho-eu/notifications/path-secret-new',
    '/hooks/zoho/:connection/notifications/:secret',
    { body: bytes(notification), headers: {} },
  ],
  [
    '/hooks/zoho/zoho-eu/workflow',
    '/hooks/zoho/:connection/workflow',
    { body: bytes({ module: 'Deals', id: '1' }), headers: { 'x-ingest-key': 'ingest-secret-1' } },
  ],
  [
    '/hooks/fxiaoke/fxiaoke-cn/events',
    '/hooks/fxiaoke/:connection/events',
    pushOf({ apiName: 'AccountObj', dataId: '1', eventType: 'update' }),
  ],
  ['/hooks/fxiaoke/fxiaoke-cn/apl', '/hooks/fxiaoke/:connection/apl', aplSigned(bytes(aplBody))],
  ['/hooks/generic/shop', '/hooks/generic/:connection', standardSigned(bytes(invoice))],
];
const [, , , , generic] = goodRequests;
const goodInvoice = initOf(generic![2]);

describe.each(['node', 'web'] as const)('the webhook edge reading bodies the %s way', (reader) => {
  let edge: Receiving;
  beforeEach(async () => {
    edge = await startReceiving(reader);
  });
  afterEach(() => edge.close());

  it.each(goodRequests)('answers 200 on %s once the hint is durable', async (path, template, sent) => {
    const response = await edge.send(path, initOf(sent));
    expect(response.status).toBe(200);
    expect(edge.hints).toHaveLength(1);
    expect(edge.hints[0]).toMatchObject({ tenant: 'default', receivedAt: 42, connection: path.split('/')[3] });
    expect(Hint.safeParse(edge.hints[0]).success).toBe(true);
    const fields = {
      route: template,
      outcome: 'accepted',
      delivery: edge.hints[0]?.delivery,
      hints: 1,
      bytes: sent.body.length,
      connection: path.split('/')[3],
    };
    expect(edge.logged).toEqual([{ level: 'info', fields }]);
  });

  it('gives the event push its encrypted answer and everybody else an empty one', async () => {
    const answered = async (index: number): Promise<Response> => {
      const [path, , sent] = goodRequests[index]!;
      return edge.send(path, initOf(sent));
    };
    const push = await answered(2);
    expect(push.headers.get('content-type')).toBe('application/json;charset=UTF-8');
    expect(await push.json()).toMatchObject({ encryptedResult: 'ArsKAyhvk7QKghXe0zdCeQ==' });
    expect(await (await answered(4)).text()).toBe('');
  });

  it('answers 200 no sooner than the intake has taken the hints', async () => {
    let take: () => void = () => undefined;
    edge.beforeAccept = () =>
      new Promise((resolve) => {
        take = resolve;
      });
    let isAnswered = false;
    const response = edge.send('/hooks/generic/shop', goodInvoice).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(isAnswered).toBe(false);
    take();
    expect((await response).status).toBe(200);
  });

  it('answers 503 with Retry-After while the store is away, and names the failure in the log', async () => {
    edge.beforeAccept = () =>
      Promise.reject(new PipelineError('STORE_UNAVAILABLE', 'inv-1 could not be stored', { retryable: true }));
    const response = await edge.send('/hooks/generic/shop', goodInvoice);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(edge.logged[0]).toMatchObject({
      level: 'error',
      fields: { outcome: 'unavailable', failure: 'STORE_UNAVAILABLE' },
    });
    expect(JSON.stringify(edge.logged)).not.toContain('inv-1');
    edge.beforeAccept = () => Promise.reject(new TypeError('inv-1 is not a function'));
    expect((await edge.send('/hooks/generic/shop', goodInvoice)).status).toBe(503);
    expect(edge.logged[1]).toMatchObject({ fields: { failure: 'TypeError' } });
    expect(edge.hints).toEqual([]);
  });

  it('answers the forged, the unknown and the unconfigured with the same empty 401', async () => {
    const seen = new Set<string>();
    for (const path of [
      '/hooks/generic/shop',
      '/hooks/generic/nobody',
      '/hooks/generic/zoho-eu',
      '/hooks/generic/__proto__',
      '/hooks/generic/%E5%BC%A0',
      '/hooks/generic/%FF',
      `/hooks/generic/${'x'.repeat(2000)}`,
      '/hooks/zoho/zoho-eu/notifications/wrong',
      '/hooks/zoho/nobody/notifications/path-secret-new',
      '/hooks/zoho/silent/workflow',
      '/hooks/zoho/shop/workflow',
      '/hooks/fxiaoke/fxiaoke-cn/events',
      '/hooks/fxiaoke/nobody/apl',
    ]) {
      const response = await edge.send(path, { headers: json, body: '{"no":"proof"}' });
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      seen.add(JSON.stringify([response.status, headers, await response.text()]));
    }
    expect([...seen]).toHaveLength(1);
    expect([...seen][0]).toMatch(/^\[401,.*""\]$/);
  });

  it('writes no path, no secret and no payload into the log', async () => {
    for (const [path, , sent] of goodRequests) await edge.send(path, initOf(sent));
    await edge.send('/hooks/zoho/nobody/notifications/path-secret-new', {
      headers: json,
      body: '{"secret":"payload"}',
    });
    await edge.send('/nowhere/path-secret-new');
    await edge.send('/hooks/zoho/zoho-eu/notifications/path-secret-new', { method: 'PUT' });
    const written = JSON.stringify(edge.logged);
    expect(edge.logged).toHaveLength(8);
    for (const secret of ['path-secret', 'nobody', 'payload', 'nowhere', 'inv-1', 'AccountObj', 'Rangoni'])
      expect(written).not.toContain(secret);
  });

  it('answers 400 with a reason to authentic senders of something else', async () => {
    const response = await edge.send('/hooks/generic/shop', initOf(standardSigned(bytes({ type: 'invoice' }))));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'record 1 has no usable id at number' });
    expect(edge.logged[0]).toMatchObject({
      level: 'warn',
      fields: { outcome: 'unreadable', connection: 'shop', hints: 0 },
    });
  });

  it.each([
    ['/hooks/generic/shop', 'text/html', 400],
    ['/hooks/generic/nobody', 'text/html', 400],
    ['/hooks/generic/shop', 'application/x-www-form-urlencoded', 400],
    ['/hooks/generic/shop', 'application/json; charset=gbk', 400],
    ['/hooks/generic/shop', 'application/cloudevents+json; charset="UTF-8"', 401],
    ['/hooks/generic/shop', 'Application/JSON', 401],
    ['/hooks/zoho/zoho-eu/workflow', 'application/x-www-form-urlencoded', 401],
    ['/hooks/zoho/zoho-eu/workflow', 'multipart/form-data; boundary=x', 400],
    ['/hooks/fxiaoke/fxiaoke-cn/apl', 'text/plain', 401],
  ])('on %s meets content type %s with %i', async (path, type, status) => {
    expect((await edge.send(path, { headers: { 'content-type': type }, body: '{}' })).status).toBe(status);
  });

  it.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('answers %s on its routes with 405', async (method) => {
    for (const { template } of routes) {
      const response = await edge.send(template.replace(/:\w+/g, 'x'), { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST');
    }
  });

  it('answers any other path with 404', async () => {
    for (const path of [
      '/',
      '/hooks',
      '/hooks/generic',
      '/hooks/generic/shop/more',
      '/hooks/sap/x',
      '/hooks/generic/shop/',
    ])
      expect((await edge.send(path, { headers: json, body: '{}' })).status).toBe(404);
  });

  it('takes a body of exactly the limit and answers 413 to one byte more', async () => {
    const fill = (length: number): Sent => {
      const empty = JSON.stringify({ ...invoice, text: '' }).length;
      return standardSigned(bytes({ ...invoice, text: 'x'.repeat(length - empty) }));
    };
    expect((await edge.send('/hooks/generic/shop', initOf(fill(limits.webhookBodyBytes)))).status).toBe(200);
    expect((await edge.send('/hooks/generic/shop', initOf(fill(limits.webhookBodyBytes + 1)))).status).toBe(413);
    expect((await edge.send('/hooks/generic/nobody', initOf(fill(limits.webhookBodyBytes + 1)))).status).toBe(413);
  });

  it('answers 413 from the announced length alone', async () => {
    const head = 'POST /hooks/generic/shop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    expect(await edge.raw([`${head}Content-Length: 99999999\r\n\r\n`])).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('does not read an endless body to its end', async () => {
    const head =
      'POST /hooks/generic/shop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = `10000\r\n${'x'.repeat(0x1_0000)}\r\n`;
    const answer = await edge.raw([head, ...Array.from({ length: 12 }, () => chunk)], 1_500);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(edge.logged).toEqual([
      { level: 'warn', fields: { route: '/hooks/generic/:connection', outcome: 'too-large' } },
    ]);
  });

  it('waits for a slow body', async () => {
    const { body, headers } = standardSigned(bytes(invoice));
    const lines = Object.entries({ ...json, ...headers, host: 'x', 'content-length': String(body.length) });
    const head = `POST /hooks/generic/shop HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    const answer = await edge.raw([...`${head}${Buffer.from(body).toString('latin1')}`.match(/[^]{1,40}/g)!], 1_000);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(edge.hints).toHaveLength(1);
  });

  it('survives senders that go away in the middle of a body', async () => {
    const head =
      'POST /hooks/generic/shop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"a"';
    await Promise.all(Array.from({ length: 20 }, () => edge.raw([head], 30)));
    await expect.poll(() => edge.logged.filter(({ fields }) => fields['outcome'] === 'aborted').length).toBe(20);
    expect((await edge.send('/hooks/generic/shop', goodInvoice)).status).toBe(200);
    expect(edge.hints).toHaveLength(1);
  });

  it('answers whatever is sent with something below 500, and takes none of it', async () => {
    const anyRequest = fc.record({
      path: fc.constantFrom(
        ...goodRequests.map(([path]) => path),
        '/hooks/generic/x',
        '/hooks/zoho/%00/workflow',
        '/%',
      ),
      method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'PUT'),
      type: fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'x/y; charset'),
      signature: fc.stringMatching(/^[!-~]{0,40}$/),
      body: fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((sent) => Buffer.from(sent)),
        fc.json().map((sent) => Buffer.from(sent)),
      ),
    });
    await fc.assert(
      fc.asyncProperty(anyRequest, async ({ path, method, type, signature, body }) => {
        const headers = {
          'content-type': type,
          'webhook-id': signature,
          'webhook-timestamp': '1700000000',
          'webhook-signature': signature,
          'x-timestamp': signature,
          'x-signature': signature,
          'x-ingest-key': signature,
        };
        const response = await edge.send(path, { method, headers, ...(method === 'GET' ? {} : { body }) });
        await response.arrayBuffer();
        expect([400, 401, 404, 405]).toContain(response.status);
      }),
      { numRuns: 150, seed: 11 },
    );
    expect(edge.hints).toEqual([]);
  });
});

describe('the webhook edge without a server', () => {
  it('takes requests of the fetch kind, as other platforms hand them over', async () => {
    const edge = await startReceiving('web');
    const response = await edge.app.request('/hooks/generic/shop', { method: 'POST', ...goodInvoice });
    expect(response.status).toBe(200);
    expect((await edge.app.request('/hooks/generic/shop', { method: 'POST', headers: json })).status).toBe(401);
    expect(edge.hints).toHaveLength(1);
    await edge.close();
  });
});
