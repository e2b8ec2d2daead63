import type { FxiaokeConnection } from '../../../definitions/workspace.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { SharedToken } from '../../../ports/token-store.ts';
import { callBudget } from '../call-budget.ts';
import { exchange } from '../http-exchange.ts';
import { sharedToken } from '../shared-token.ts';
import { type FxiaokeAnswer, readFxiaokeAnswer } from './fxiaoke-errors.ts';
import { fxiaokeMintLimit, mintFxiaokeToken } from './fxiaoke-mint.ts';
import type { FxiaokeApp, FxiaokeClientDeps } from './fxiaoke-settings.ts';

/** The FXiaoKe open platform of one connection: token, pace and failures in one place. */
export interface FxiaokeClient {
  /** Milliseconds until the budget allows the next call. */
  waitMs(): number;
  /**
   * Posts to `path` (from its slash on) and returns the answer whose errorCode is of class `ok`.
   *
   * @throws {PipelineError} `CRM_UNAVAILABLE`, `CRM_THROTTLED`, `CRM_QUOTA_EXHAUSTED` (retryable) or `CRM_REFUSED`.
   */
  call(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** A token is the same for 6600 of its 7200 seconds; only then a new one is given, and both work. */
const renewBeforeMs = 595_000;
const defaultTimeoutMs = 10_000;

export const fxiaokeBaseUrlOf = ({ baseUrl, host }: Pick<FxiaokeConnection, 'baseUrl' | 'host'>): string =>
  (baseUrl ?? `https://${host}`).replace(/\/+$/, '');

export const fxiaokeClient = (deps: FxiaokeClientDeps): FxiaokeClient => {
  const timeoutMs = deps.timeoutMs ?? defaultTimeoutMs;
  const budget = callBudget(deps);
  const mint = () => mintFxiaokeToken(deps, timeoutMs);
  const token = sharedToken({ ...deps, mint, limit: fxiaokeMintLimit, renewBeforeMs });
  const send = async (path: string, body: object, shared: SharedToken): Promise<FxiaokeAnswer> => {
    await budget.take();
    const signed = sign(deps.app, shared, body);
    const answer = await exchange({
      method: 'POST',
      url: `${deps.baseUrl}${path}?thirdTraceId=${deps.traceId()}`,
      headers: { 'content-type': 'application/json', ...signed.headers },
      body: JSON.stringify(signed.body),
      timeoutMs,
    });
    return readFxiaokeAnswer(answer, { overrides: deps.errorClasses, wallNow: deps.wallNow() });
  };
  return {
    waitMs: () => budget.waitMs(),
    call: async (path, body) => {
      const first = await token.current();
      const answer = await send(path, body, first);
      if (answer.outcome !== 'token-refused') return jsonOf(answer);
      return jsonOf(await send(path, body, await token.instead(first)));
    },
  };
};

const sign = ({ style, actingUser }: FxiaokeApp, { accessToken, extra }: SharedToken, body: object) =>
  style === 'header'
    ? {
        headers: { authorization: `Bearer ${accessToken}`, 'x-fs-ea': extra['ea'] ?? '', 'x-fs-userid': actingUser },
        body,
      }
    : {
        headers: {},
        body: { corpAccessToken: accessToken, corpId: extra['corpId'] ?? '', currentOpenUserId: actingUser, ...body },
      };

const jsonOf = (answer: FxiaokeAnswer): unknown => {
  switch (answer.outcome) {
    case 'answered':
      return answer.json;
    case 'failed':
      throw answer.error;
    case 'token-refused':
      throw new PipelineError(
        'CRM_REFUSED',
        'FXiaoKe refuses a token it has just given: check the app and its acting user',
        {
          retryable: false,
        },
      );
  }
};
