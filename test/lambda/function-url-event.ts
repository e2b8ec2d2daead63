/** A request as a function URL hands it over (payload format 2.0): texts as they are, anything else in base64. */
export const functionUrlEvent = (
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
) => {
  const [rawPath = '/', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    requestContext: {
      accountId: 'anonymous',
      domainName: 'abcdefgh.lambda-url.eu-central-1.on.aws',
      http: { method: 'POST', path: rawPath, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      routeKey: '$default',
      stage: '$default',
    },
    body: typeof body === 'string' ? body : Buffer.from(body).toString('base64'),
    isBase64Encoded: typeof body !== 'string',
  };
};
