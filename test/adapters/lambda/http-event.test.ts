import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpAnswerOf, readHttpEvent } from '#shared/adapters/lambda/http-event.ts';

const eventOf = (changes: Readonly<Record<string, unknown>> = {}, method = 'POST') => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/hooks/generic/shop',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', 'x-signature': 'abc' },
  requestContext: { domainName: 'x.lambda-url.eu-central-1.on.aws', http: { method, path: '/hooks/generic/shop' } },
  body: '{"a":1}',
  isBase64Encoded: false,
  ...changes,
});

const requestOf = (event: unknown): Request => {
  const request = readHttpEvent(event);
  if (request === undefined) throw new Error('not read');
  return request;
};

describe('readHttpEvent', () => {
  it('is the request that was sent', async () => {
    const request = requestOf(eventOf({ rawQueryString: 'a=1&b=%20' }));
    expect(request.method).toBe('POST');
    expect(new URL(request.url).pathname).toBe('/hooks/generic/shop');
    expect(new URL(request.url).search).toBe('?a=1&b=%20');
    expect(request.headers.get('X-Signature')).toBe('abc');
    expect(request.headers.get('content-length')).toBe('7');
    expect(await request.text()).toBe('{"a":1}');
  });

  it('has the exact bytes of a body that came in base64', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
        const body = Buffer.from(bytes).toString('base64');
        const request = requestOf(eventOf({ body, isBase64Encoded: true }));
        expect(new Uint8Array(await request.arrayBuffer())).toEqual(bytes);
      }),
    );
  });

  it('has the UTF-8 bytes of a body that came as text', async () => {
    const request = requestOf(eventOf({ body: '{"名":"é😀"}' }));
    expect(Buffer.from(await request.arrayBuffer()).toString('utf8')).toBe('{"名":"é😀"}');
  });

  it.each([[undefined], [null]])('reads a request without a body (%s)', async (body) => {
    expect(await requestOf(eventOf({ body })).text()).toBe('');
    expect(requestOf(eventOf({ body }, 'GET')).method).toBe('GET');
  });

  it('reads a GET that carries a body, which the web knows no such thing as', () => {
    expect(requestOf(eventOf({}, 'GET')).body).toBeNull();
  });

  it('keeps a path that begins with two slashes a path', () => {
    expect(new URL(requestOf(eventOf({ rawPath: '//evil.example/x' })).url).pathname).toBe('//evil.example/x');
  });

  it('shows header text beyond Latin-1 as its bytes', () => {
    const request = requestOf(eventOf({ headers: { 'x-name': '王' } }));
    expect(Buffer.from(request.headers.get('x-name') ?? '', 'latin1').toString('utf8')).toBe('王');
  });

  it.each([
    ['nothing', undefined],
    ['payload format 1.0', { version: '1.0', httpMethod: 'POST', path: '/' }],
    ['a header with a line break', eventOf({ headers: { a: 'b\r\nc: d' } })],
    ['a method that is none', eventOf({}, 'NO WAY')],
    ['a Kafka event', { eventSource: 'aws:kafka', records: {} }],
  ])('reads nothing from %s', (_, event) => {
    expect(readHttpEvent(event)).toBeUndefined();
  });

  it('never throws', () => {
    const event = fc.record({
      version: fc.constant('2.0'),
      rawPath: fc.string().map((text) => `/${text}`),
      rawQueryString: fc.string(),
      headers: fc.dictionary(fc.string(), fc.string()),
      requestContext: fc.record({ http: fc.record({ method: fc.string() }) }),
      body: fc.option(fc.string()),
      isBase64Encoded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), event), (each) => [true, false].includes(readHttpEvent(each) === undefined)),
    );
  });
});

describe('httpAnswerOf', () => {
  it('is the answer with its headers and its text', async () => {
    const response = new Response('{"error":"no"}', { status: 400, headers: { 'Content-Type': 'application/json' } });
    expect(await httpAnswerOf(response)).toEqual({
      statusCode: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"error":"no"}',
      isBase64Encoded: false,
    });
  });
});
