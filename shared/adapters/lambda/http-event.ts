import * as z from 'zod';

/**
 * What a function URL and an HTTP API send, payload format 2.0
 * (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html): header names in lower
 * case, a body that is no text in base64.
 */
const HttpEvent = z.object({
  version: z.literal('2.0'),
  rawPath: z.string().startsWith('/'),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({ http: z.object({ method: z.string().min(1) }) }),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().default(false),
});
type HttpEvent = z.infer<typeof HttpEvent>;

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** The request with the exact bytes that were sent; undefined for what is no HTTP event, or no request at all. */
export const readHttpEvent = (event: unknown): Request | undefined => {
  const parsed = HttpEvent.safeParse(event);
  if (!parsed.success) return undefined;
  try {
    return requestOf(parsed.data);
  } catch (error) {
    // a method, a path or a header that the web's own Request refuses
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

const requestOf = ({ rawPath, rawQueryString, headers, requestContext, body, isBase64Encoded }: HttpEvent): Request => {
  const { method } = requestContext.http;
  // nobody asks for the host; a path may begin with two slashes, which would name one
  const url = `https://function.invalid${rawPath}${rawQueryString === '' ? '' : `?${rawQueryString}`}`;
  const carriesBody = method !== 'GET' && method !== 'HEAD' && body !== null && body !== undefined;
  const bytes = carriesBody ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : undefined;
  const request = new Headers();
  for (const [name, value] of Object.entries(headers)) request.set(name, byteString(value));
  if (bytes !== undefined) request.set('content-length', String(bytes.length));
  return new Request(url, { method, headers: request, ...(bytes === undefined ? {} : { body: bytes }) });
};

/** A header holds bytes: what is beyond Latin-1 goes as its UTF-8, the way Node's own server shows it. */
const byteString = (value: string): string =>
  /[^\u0000-\u00ff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value;

/** The answer as Lambda sends it on. Ours are texts. */
export const httpAnswerOf = async (response: Response): Promise<HttpAnswer> => ({
  statusCode: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.text(),
  isBase64Encoded: false,
});
