import * as z from 'zod';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { exchange, type HttpExchange, parseJson } from '../http-exchange.ts';
import type { MintLimit } from '../mint-book.ts';
import type { Minted } from '../shared-token.ts';

export interface ZohoCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

/** Ten access tokens per refresh token in ten minutes (zoho.com, token-validity.html). */
export const zohoMintLimit: MintLimit = { mints: 10, perMs: 600_000 };

/** `expires_in` is seconds; older answers give milliseconds there and seconds in `expires_in_sec`. */
const TokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  expires_in_sec: z.number().positive().optional(),
});
const TokenRefusal = z.object({ error: z.string() });

const tooMany = 'Access Denied';
const tooManyRestMs = 600_000;
const restMs = 15_000;

/** Asks for an access token. The form goes in the body, so that no log of a URL ever holds a secret. */
export const mintZohoToken = async (
  accountsHost: string,
  credentials: ZohoCredentials,
  timeoutMs: number,
): Promise<Minted> =>
  readMint(
    await exchange({
      method: 'POST',
      url: `${accountsHost}/oauth/v2/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        refresh_token: credentials.refreshToken,
      }).toString(),
      timeoutMs,
    }),
  );

/** The body decides: Zoho sends the same refusal with status 200 and with 400. */
const readMint = (answer: HttpExchange): Minted => {
  if (answer.outcome !== 'answered')
    return unavailable("Zoho's token endpoint did not answer", answer.outcome === 'unanswered', answer.cause);
  const json = parseJson(answer.text);
  const token = TokenAnswer.safeParse(json);
  if (token.success) {
    const { access_token, expires_in, expires_in_sec } = token.data;
    return { outcome: 'minted', accessToken: access_token, lifeMs: (expires_in_sec ?? expires_in) * 1_000, extra: {} };
  }
  const refusal = TokenRefusal.safeParse(json);
  if (refusal.success) return refused(refusal.data.error);
  return unavailable(`Zoho's token endpoint answered ${answer.status} without a token`, true, undefined);
};

const unavailable = (message: string, counted: boolean, cause: unknown): Minted => ({
  outcome: 'failed',
  error: new PipelineError('CRM_UNAVAILABLE', message, { retryable: true, cause, retryAfterMs: restMs }),
  retryAfterMs: restMs,
  counted,
});

const refused = (reason: string): Minted => {
  const throttled = reason === tooMany;
  const retryAfterMs = throttled ? tooManyRestMs : restMs;
  const error = throttled
    ? new PipelineError('CRM_THROTTLED', 'Zoho gives no new token: too many were asked for', {
        retryable: true,
        retryAfterMs,
      })
    : new PipelineError('CRM_REFUSED', `Zoho refused the credentials (${reason}): connect it again`, {
        retryable: false,
      });
  return { outcome: 'failed', error, retryAfterMs, counted: true };
};
