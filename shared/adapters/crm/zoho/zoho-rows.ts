import * as z from 'zod';
import type { WriteResult } from '../../../ports/crm.ts';
import type { ZohoCalled } from './zoho-client.ts';

const Details = z.looseObject({ id: z.string().optional(), api_name: z.string().optional() });
const Row = z.object({ code: z.string(), status: z.string(), details: Details.default({}) });
const Rows = z.object({ data: z.array(Row).length(1) });

/** How a call that writes one row is to be read. */
export interface RowReading {
  /** Sending it twice does no harm: what got no answer is simply tried again. */
  readonly repeatable: boolean;
  /** A duplicate of this field is our own earlier write. */
  readonly keyField?: string | undefined;
}

/** Locks end when a person or a process ends them. */
const lockedRestMs = 15 * 60_000;
const locks = new Set(['RECORD_LOCKED', 'RECORD_IN_BLUEPRINT']);

/** Looks at the row, not at the status: a 2xx may carry a failed row. */
export const readWrite = (answer: ZohoCalled, { repeatable, keyField }: RowReading): WriteResult => {
  if (answer.outcome === 'failed') return readFailure(answer, repeatable);
  const rows = Rows.safeParse(answer.json);
  const row = rows.data?.data[0];
  if (row === undefined) return noResult(answer.status, repeatable);
  const { code, status, details } = row;
  const reference = details.id === undefined ? {} : { reference: details.id };
  if (status === 'success') return { outcome: 'done', ...reference };
  if (code === 'DUPLICATE_DATA' && keyField !== undefined && (details.api_name ?? keyField) === keyField)
    return { outcome: 'done', ...reference };
  if (locks.has(code)) return { outcome: 'retry', reason: code, afterMs: lockedRestMs };
  return { outcome: 'refused', reason: details.api_name === undefined ? code : `${code} ${details.api_name}` };
};

const readFailure = (
  { error, reached }: Extract<ZohoCalled, { outcome: 'failed' }>,
  repeatable: boolean,
): WriteResult => {
  if (!error.retryable) return { outcome: 'refused', reason: error.message };
  if (reached && !repeatable) return { outcome: 'unknown', reason: error.message };
  return {
    outcome: 'retry',
    reason: error.message,
    ...(error.retryAfterMs === undefined ? {} : { afterMs: error.retryAfterMs }),
  };
};

const noResult = (status: number, repeatable: boolean): WriteResult => {
  const reason = `Zoho answered ${status} without a result for the row`;
  return repeatable ? { outcome: 'retry', reason } : { outcome: 'unknown', reason };
};
