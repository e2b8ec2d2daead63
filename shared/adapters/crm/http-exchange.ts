export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole answer, its body included. */
  readonly timeoutMs: number;
}

/** `unsent`: the other side never saw it. `unanswered`: it may have acted on it, or not. */
export type HttpExchange =
  | { readonly outcome: 'answered'; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly outcome: 'unsent'; readonly cause: unknown }
  | { readonly outcome: 'unanswered'; readonly cause: unknown };

/** One request, one answer. Redirects are not followed: credentials go to the configured host and nowhere else. */
export const exchange = async ({ method, url, headers, body, timeoutMs }: HttpRequest): Promise<HttpExchange> => {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return { outcome: 'answered', status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    return { outcome: neverConnected(cause) ? 'unsent' : 'unanswered', cause };
  }
};

const connectFailures = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const neverConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  // several addresses of one host fail together: the code is then on the aggregate
  return typeof cause === 'object' && cause !== null && 'code' in cause && connectFailures.has(String(cause.code));
};

/** Undefined for text that is not JSON. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** Milliseconds that a Retry-After header in seconds asks for. */
export const retryAfterMsOf = (headers: Headers): number | undefined => {
  const value = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) * 1_000 : undefined;
};
