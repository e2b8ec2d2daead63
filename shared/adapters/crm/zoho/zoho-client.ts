import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { TokenStore } from '../../../ports/token-store.ts';
import { callBudget } from '../call-budget.ts';
import { exchange } from '../http-exchange.ts';
import { sharedToken, type TokenSource } from '../shared-token.ts';
import type { ZohoHosts } from './data-centres.ts';
import { readZohoAnswer, type ZohoAnswer } from './zoho-answer.ts';
import { mintZohoToken, type ZohoCredentials, zohoMintLimit } from './zoho-mint.ts';

export interface ZohoClientDeps {
  /** The connection's name: under it all instances share one token. */
  readonly connection: string;
  /** Names this instance among those that share the token. */
  readonly holder: string;
  readonly hosts: ZohoHosts;
  readonly credentials: ZohoCredentials;
  readonly tokens: TokenStore;
  readonly callsPerSecond: number;
  readonly wallNow: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** [0, 1), for jitter. */
  readonly random: () => number;
  /** @default 10 seconds */
  readonly timeoutMs?: number;
}

export interface ZohoRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `/crm/v8/`, e.g. `Accounts`; parts are to be encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type ZohoCalled = Exclude<ZohoAnswer, { outcome: 'token-refused' }>;

/** The Zoho CRM API v8 of one connection: token, pace and failures in one place. Reader and writer share one. */
export interface ZohoClient {
  /** Milliseconds until the budget allows the next call. */
  waitMs(): number;
  /** Never throws a {@link PipelineError} of the CRM's: what went wrong is in the answer. */
  call(request: ZohoRequest): Promise<ZohoCalled>;
}

const renewBeforeMs = 5 * 60_000;
const defaultTimeoutMs = 10_000;

export const zohoClient = (deps: ZohoClientDeps): ZohoClient => {
  const timeoutMs = deps.timeoutMs ?? defaultTimeoutMs;
  const budget = callBudget(deps);
  const token = sharedToken({
    ...deps,
    mint: () => mintZohoToken(deps.hosts.accounts, deps.credentials, timeoutMs),
    limit: zohoMintLimit,
    renewBeforeMs,
  });
  const send = async (request: ZohoRequest, accessToken: string): Promise<ZohoAnswer> => {
    await budget.take();
    return readZohoAnswer(await exchange(httpRequestOf(deps.hosts.api, request, accessToken, timeoutMs)), deps.random);
  };
  return {
    waitMs: () => budget.waitMs(),
    call: (request) => withToken(token, (accessToken) => send(request, accessToken)),
  };
};

/** Tries a refused token once more with another one; refused again, it is no matter of age. */
const withToken = async (
  token: TokenSource,
  send: (accessToken: string) => Promise<ZohoAnswer>,
): Promise<ZohoCalled> => {
  try {
    const first = await token.current();
    const answer = await send(first.accessToken);
    if (answer.outcome !== 'token-refused') return answer;
    const again = await send((await token.instead(first)).accessToken);
    return again.outcome === 'token-refused' ? { outcome: 'failed', error: refusedTwice(), reached: false } : again;
  } catch (error) {
    // no token to be had, or no place in the budget: nothing was sent
    if (error instanceof PipelineError && error.code.startsWith('CRM_'))
      return { outcome: 'failed', error, reached: false };
    throw error;
  }
};

const refusedTwice = (): PipelineError =>
  new PipelineError(
    'CRM_REFUSED',
    'Zoho refuses a token it has just given (401 INVALID_TOKEN): check the data centre',
    {
      retryable: false,
    },
  );

const httpRequestOf = (
  apiHost: string,
  { method, path, query, body }: ZohoRequest,
  accessToken: string,
  timeoutMs: number,
) => {
  const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  return {
    method,
    url: `${apiHost}/crm/v8/${path}${search}`,
    headers: {
      authorization: `Zoho-oauthtoken ${accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    timeoutMs,
  };
};
