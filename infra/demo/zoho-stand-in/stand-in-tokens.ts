import type { MintFault } from './stand-in-faults.ts';

export interface StandInClient {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

export interface TokenReply {
  readonly status: 200 | 400 | 503;
  readonly body: Readonly<Record<string, string | number>>;
}

export interface StandInTokens {
  /** Answers what was posted to the token endpoint. */
  answer(form: URLSearchParams, fault: MintFault | undefined): TokenReply;
  isLive(accessToken: string): boolean;
  expire(accessToken: string): void;
  /** Tokens given out so far. */
  minted(): number;
}

export interface StandInTokenSettings {
  readonly client: StandInClient;
  readonly apiDomain: string;
  readonly lifeMs: number;
  readonly now: () => number;
}

const mostLive = 15;
const mostMints = 10;
const mintWindowMs = 600_000;

/** Zoho's token endpoint for one client: 15 tokens live at once, 10 given in ten minutes. */
export const standInTokens = ({ client, apiDomain, lifeMs, now }: StandInTokenSettings): StandInTokens => {
  const live = new Map<string, number>();
  const mintedAt: number[] = [];
  const mint = (): TokenReply => {
    mintedAt.push(now());
    const accessToken = `1000.${String(mintedAt.length).padStart(8, '0')}.${crypto.randomUUID()}`;
    live.set(accessToken, now() + lifeMs);
    const [oldest] = live.keys();
    if (live.size > mostLive && oldest !== undefined) live.delete(oldest);
    return {
      status: 200,
      body: {
        access_token: accessToken,
        api_domain: apiDomain,
        token_type: 'Bearer',
        expires_in: Math.ceil(lifeMs / 1_000),
      },
    };
  };
  return {
    answer: (form, fault) => {
      if (fault === 'unavailable') return { status: 503, body: { error: 'unavailable' } };
      const problem = problemOf(form, client);
      if (problem !== undefined) return { status: 200, body: { error: problem } };
      const recent = mintedAt.filter((at) => at > now() - mintWindowMs).length;
      return fault === 'access-denied' || recent >= mostMints ? tooMany : mint();
    },
    isLive: (accessToken) => (live.get(accessToken) ?? 0) > now(),
    expire: (accessToken) => {
      live.delete(accessToken);
    },
    minted: () => mintedAt.length,
  };
};

const tooMany: TokenReply = {
  status: 400,
  body: {
    error: 'Access Denied',
    error_description: 'You have made too many requests continuously. Please try again after some time.',
    status: 'failure',
  },
};

const problemOf = (form: URLSearchParams, client: StandInClient): string | undefined => {
  if (form.get('grant_type') !== 'refresh_token') return 'unsupported_grant_type';
  if (form.get('client_id') !== client.clientId || form.get('client_secret') !== client.clientSecret)
    return 'invalid_client';
  return form.get('refresh_token') === client.refreshToken ? undefined : 'invalid_code';
};
