import * as z from 'zod';
import type { FxiaokeConnection } from '../../../definitions/workspace.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { type HttpExchange, parseJson, retryAfterMsOf } from '../http-exchange.ts';

export type ErrorClass = FxiaokeConnection['errorClasses'][string];

/** What one call came to. */
export type FxiaokeAnswer =
  | { readonly outcome: 'answered'; readonly json: unknown }
  | { readonly outcome: 'token-refused' }
  | { readonly outcome: 'failed'; readonly error: PipelineError; readonly reached: boolean };

/**
 * By `errorCode`, from the platform's published table. That table is known to be incomplete: what is not in it counts as
 * transient, and settings may say otherwise. `ok` for a code makes it an answer without data.
 */
const errorClasses: Readonly<Record<string, ErrorClass>> = {
  '0': 'ok',
  ...classed('token', ['20016', '20005', '20017']),
  ...classed('transient', ['-1', '-2', '50009']),
  ...classed('throttled', ['30004', '14001']),
  ...classed('quota', ['30002']),
  ...classed('permanent', ['30003', '20021', '20022', '20006', '10006', '20015', '15003', '20014', '20020', '20012']),
  ...classed('permanent', ['30007', '30027', '10013', '12005', '10015', '11016', '11017', '12003', '15002', '32000']),
};

function classed(name: ErrorClass, codes: readonly string[]): Record<string, ErrorClass> {
  return Object.fromEntries(codes.map((code) => [code, name]));
}

const Body = z.object({
  errorCode: z.union([z.string(), z.number()]).transform(String),
  errorMessage: z.string().nullish(),
});

export interface AnswerReading {
  readonly overrides: Readonly<Record<string, ErrorClass>>;
  readonly wallNow: number;
}

/** The status is 200 for nearly everything: `errorCode` decides. */
export const readFxiaokeAnswer = (answer: HttpExchange, reading: AnswerReading): FxiaokeAnswer => {
  if (answer.outcome !== 'answered')
    return failed('CRM_UNAVAILABLE', 'FXiaoKe did not answer', {
      reached: answer.outcome === 'unanswered',
      cause: answer.cause,
    });
  const { status, headers, text } = answer;
  if (status !== 200) return readStatus(status, retryAfterMsOf(headers));
  const json = parseJson(text);
  const body = Body.safeParse(json);
  if (!body.success) return failed('CRM_UNAVAILABLE', 'FXiaoKe answered without an errorCode', { reached: true });
  const { errorCode, errorMessage } = body.data;
  const found = classOf(errorCode, errorMessage ?? '', reading.overrides);
  return found === 'ok' ? { outcome: 'answered', json } : readClass(found, errorCode, reading.wallNow);
};

const classOf = (code: string, message: string, overrides: AnswerReading['overrides']): ErrorClass => {
  const known = Object.hasOwn(overrides, code)
    ? overrides[code]
    : Object.hasOwn(errorClasses, code)
      ? errorClasses[code]
      : undefined;
  // a body the platform could not digest fails the same way each time, under a code that says "busy"
  if (known !== 'ok' && message.includes('NullPointerException')) return 'permanent';
  return known ?? 'transient';
};

const throttledRestMs = 20_000;

const readClass = (found: Exclude<ErrorClass, 'ok'>, code: string, wallNow: number): FxiaokeAnswer => {
  switch (found) {
    case 'token':
      return { outcome: 'token-refused' };
    case 'transient':
      return failed('CRM_UNAVAILABLE', `FXiaoKe failed for the moment (errorCode ${code})`, { reached: true });
    case 'throttled':
      return failed('CRM_THROTTLED', `FXiaoKe takes no further call for now (errorCode ${code})`, {
        retryAfterMs: throttledRestMs,
      });
    case 'quota':
      return failed('CRM_QUOTA_EXHAUSTED', `FXiaoKe's calls of today are used up (errorCode ${code})`, {
        retryAfterMs: msToNextDay(wallNow),
      });
    case 'permanent':
      return failed(
        'CRM_REFUSED',
        `FXiaoKe refused the call (errorCode ${code}): look the code up, or class it in errorClasses`,
        {},
      );
  }
};

const dayMs = 86_400_000;
const beijingMs = 8 * 3_600_000;

/** The daily quota starts again at midnight in Beijing. */
const msToNextDay = (wallNow: number): number => dayMs - ((wallNow + beijingMs) % dayMs);

const readStatus = (status: number, retryAfterMs: number | undefined): FxiaokeAnswer => {
  if (status === 429)
    return failed('CRM_THROTTLED', 'FXiaoKe answered 429', { retryAfterMs: retryAfterMs ?? throttledRestMs });
  const rest = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (status >= 500 || status === 408)
    return failed('CRM_UNAVAILABLE', `FXiaoKe answered ${status}`, { reached: true, ...rest });
  return failed('CRM_REFUSED', `FXiaoKe answered ${status}: check the host, it must be an open-platform one`, {});
};

type FxiaokeFailure = 'CRM_UNAVAILABLE' | 'CRM_REFUSED' | 'CRM_QUOTA_EXHAUSTED' | 'CRM_THROTTLED';

const failed = (
  code: FxiaokeFailure,
  message: string,
  { reached = false, ...options }: { reached?: boolean; cause?: unknown; retryAfterMs?: number },
): FxiaokeAnswer => ({
  outcome: 'failed',
  error: new PipelineError(code, message, { retryable: code !== 'CRM_REFUSED', ...options }),
  reached,
});
