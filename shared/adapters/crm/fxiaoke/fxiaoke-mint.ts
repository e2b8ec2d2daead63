import * as z from 'zod';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { exchange } from '../http-exchange.ts';
import type { MintLimit } from '../mint-book.ts';
import type { Minted } from '../shared-token.ts';
import { type FxiaokeAnswer, readFxiaokeAnswer } from './fxiaoke-errors.ts';
import type { FxiaokeApp, FxiaokeClientDeps } from './fxiaoke-settings.ts';

/** The token endpoint takes ten calls a minute, never two at once. */
export const fxiaokeMintLimit: MintLimit = { mints: 10, perMs: 60_000 };

const HeaderToken = z.object({
  accessToken: z.string().min(1),
  expiresIn: z.number().positive(),
  ea: z.string().min(1),
});
const BodyToken = z.object({
  corpAccessToken: z.string().min(1),
  expiresIn: z.number().positive(),
  corpId: z.string().min(1),
});

const restMs = 15_000;

type MintDeps = Pick<FxiaokeClientDeps, 'baseUrl' | 'app' | 'errorClasses' | 'traceId' | 'wallNow'>;

/** Fetches a token in the app's style: what later calls need beside it is in `extra` (`ea`, or `corpId`). */
export const mintFxiaokeToken = async (deps: MintDeps, timeoutMs: number): Promise<Minted> => {
  const answer = await exchange({
    method: 'POST',
    url: `${deps.baseUrl}${tokenPath[deps.app.style]}?thirdTraceId=${deps.traceId()}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(tokenBody(deps.app)),
    timeoutMs,
  });
  const read = readFxiaokeAnswer(answer, { overrides: deps.errorClasses, wallNow: deps.wallNow() });
  return read.outcome === 'answered' ? readToken(read.json, deps.app.style) : readRefusal(read);
};

const tokenPath = { header: '/oauth2.0/token', body: '/cgi/corpAccessToken/get/V2' } as const;

const tokenBody = ({ appId, appSecret, permanentCode, style }: FxiaokeApp) => ({
  appId,
  appSecret,
  permanentCode,
  ...(style === 'header' ? { grantType: 'app_secret' } : {}),
});

const readToken = (json: unknown, style: FxiaokeApp['style']): Minted => {
  if (style === 'header') {
    const { data } = HeaderToken.safeParse(json);
    if (data !== undefined) return minted(data.accessToken, data.expiresIn, { ea: data.ea });
  } else {
    const { data } = BodyToken.safeParse(json);
    if (data !== undefined) return minted(data.corpAccessToken, data.expiresIn, { corpId: data.corpId });
  }
  const error = new PipelineError('CRM_UNAVAILABLE', 'FXiaoKe answered without a token', {
    retryable: true,
    retryAfterMs: restMs,
  });
  return { outcome: 'failed', error, retryAfterMs: restMs, counted: true };
};

const minted = (accessToken: string, expiresIn: number, extra: Record<string, string>): Minted => ({
  outcome: 'minted',
  accessToken,
  lifeMs: expiresIn * 1_000,
  extra,
});

/** A code that means "token" anywhere else can only mean wrong credentials here. */
const readRefusal = (answer: Exclude<FxiaokeAnswer, { outcome: 'answered' }>): Minted => {
  if (answer.outcome === 'failed') {
    const { error, reached } = answer;
    return {
      outcome: 'failed',
      error,
      retryAfterMs: error.retryAfterMs ?? restMs,
      counted: reached || error.code !== 'CRM_UNAVAILABLE',
    };
  }
  const error = new PipelineError('CRM_REFUSED', "FXiaoKe refused the app's credentials", { retryable: false });
  return { outcome: 'failed', error, retryAfterMs: restMs, counted: true };
};
