import * as z from 'zod';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import { type HttpExchange, parseJson, retryAfterMsOf } from '../http-exchange.ts';

/** What one call came to. `reached`: Zoho may have acted on it although it failed. */
export type ZohoAnswer =
  | { readonly outcome: 'answered'; readonly status: number; readonly json: unknown }
  | { readonly outcome: 'token-refused' }
  | { readonly outcome: 'failed'; readonly error: PipelineError; readonly reached: boolean };

/** Zoho's error envelope; the older shape has a number as code and its text in `error_info`. */
const ErrorBody = z.object({
  code: z.union([z.string(), z.number()]).optional(),
  error: z.string().optional(),
  message: z.string().optional(),
  error_info: z.string().optional(),
});
/** Rows have results of their own, even under a 4xx. */
const RowsBody = z.object({ data: z.array(z.unknown()).min(1) });

/** Translates status and body into outcomes, once. `random` gives [0, 1). Sources: zoho.com status-codes.html, api-limits.html. */
export const readZohoAnswer = (answer: HttpExchange, random: () => number): ZohoAnswer => {
  if (answer.outcome !== 'answered')
    return failed('CRM_UNAVAILABLE', 'Zoho did not answer', {
      reached: answer.outcome === 'unanswered',
      cause: answer.cause,
    });
  const { status, headers, text } = answer;
  if (status === 204 || status === 304) return { outcome: 'answered', status, json: undefined };
  const json = parseJson(text);
  if (status >= 200 && status < 300 && json !== undefined) return { outcome: 'answered', status, json };
  if (status < 300) return failed('CRM_UNAVAILABLE', 'Zoho answered half a body', { reached: true });
  if (status < 400)
    return failed('CRM_REFUSED', `Zoho answered with a redirect (${status}): check the data centre`, {});
  const retryAfterMs = retryAfterMsOf(headers);
  if (status >= 500 || status === 408)
    return failed('CRM_UNAVAILABLE', `Zoho answered ${status}`, {
      reached: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  if (status !== 401 && status !== 429 && RowsBody.safeParse(json).success)
    return { outcome: 'answered', status, json };
  return readRefusal(status, json, retryAfterMs, random);
};

const readRefusal = (
  status: number,
  json: unknown,
  retryAfterMs: number | undefined,
  random: () => number,
): ZohoAnswer => {
  const parsed = ErrorBody.safeParse(json);
  const body = parsed.success ? parsed.data : {};
  if (status === 429) return readLimit(body.message ?? body.error_info ?? '', retryAfterMs, random);
  const code = String(body.code ?? body.error ?? 'no code');
  if (status === 401 && code === 'INVALID_TOKEN') return { outcome: 'token-refused' };
  return failed('CRM_REFUSED', `Zoho refused the call (${status} ${code})${remedies.get(code) ?? ''}`, {});
};

const remedies = new Map([
  ['OAUTH_SCOPE_MISMATCH', ': connect it again with the scopes of the modules in use'],
  ['NO_PERMISSION', ': give the connected user rights on this module'],
  ['INVALID_MODULE', ': this module does not exist there, switch its mapping off'],
]);

const quotaRestMs = 15 * 60_000;
const busyLeastMs = 100;
const busyMostMs = 2_000;
const unknownLeastMs = 1_000;

/** One status for three troubles; only the sentence tells the day's credits from a full pool. */
const readLimit = (sentence: string, retryAfterMs: number | undefined, random: () => number): ZohoAnswer => {
  const credits = /24.hour|credits/i.test(sentence);
  const busy = /concurrency/i.test(sentence);
  if (credits && !busy)
    return failed('CRM_QUOTA_EXHAUSTED', "Zoho's credits of the last 24 hours are spent", {
      retryAfterMs: Math.max(quotaRestMs, retryAfterMs ?? 0),
    });
  const least = busy && !credits ? busyLeastMs : unknownLeastMs;
  const jitterMs = Math.round(least + random() * (busyMostMs - busyLeastMs));
  return failed('CRM_THROTTLED', 'Zoho takes no further call at the moment', {
    retryAfterMs: Math.max(jitterMs, retryAfterMs ?? 0),
  });
};

type ZohoFailure = 'CRM_UNAVAILABLE' | 'CRM_REFUSED' | 'CRM_QUOTA_EXHAUSTED' | 'CRM_THROTTLED';

const failed = (
  code: ZohoFailure,
  message: string,
  { reached = false, ...options }: { reached?: boolean; cause?: unknown; retryAfterMs?: number },
): ZohoAnswer => ({
  outcome: 'failed',
  error: new PipelineError(code, message, { retryable: code !== 'CRM_REFUSED', ...options }),
  reached,
});
