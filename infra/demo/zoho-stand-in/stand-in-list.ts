import type { Context } from 'hono';
import { textAt } from '../../../shared/domain/path.ts';
import { project, type StoredRecord } from './stand-in-records.ts';

const mostPerPage = 200;
/** Pages by number end here; further on only a page token leads. */
const mostByPage = 2_000;

/** A page of a module: sorted, since an instant, by number or by token. 204 without records, 304 without changed ones. */
export const listRecords = (c: Context, all: readonly StoredRecord[], fields: readonly string[]): Response => {
  const {
    page = '1',
    per_page = '200',
    page_token: pageToken,
    sort_by: sortBy = 'id',
    sort_order: order = 'desc',
  } = c.req.query();
  const since = Date.parse(c.req.header('if-modified-since') ?? '');
  const changed = Number.isNaN(since)
    ? all
    : all.filter((record) => Date.parse(textOf(record, 'Modified_Time')) >= since);
  if (changed.length === 0) return c.body(null, all.length === 0 ? 204 : 304);
  const perPage = Math.min(mostPerPage, Math.max(1, Number(per_page) || mostPerPage));
  const from = pageToken === undefined ? (Math.max(1, Number(page) || 1) - 1) * perPage : offsetOf(pageToken);
  if (pageToken === undefined && from + perPage > mostByPage)
    return c.json(
      { code: 'DISCRETE_PAGE_LIMIT_EXCEEDED', details: {}, message: 'use page_token', status: 'error' },
      400,
    );
  const sorted = [...changed].sort((a, b) => compare(a, b, sortBy) * (order === 'asc' ? 1 : -1));
  const data = sorted.slice(from, from + perPage);
  if (data.length === 0) return c.body(null, 204);
  const more = from + perPage < sorted.length;
  const info = {
    per_page: perPage,
    count: data.length,
    page: Math.floor(from / perPage) + 1,
    sort_by: sortBy,
    sort_order: order,
    more_records: more,
    next_page_token: more ? tokenOf(from + perPage) : null,
  };
  return c.json({ data: data.map((record) => project(record, fields)), info });
};

const compare = (a: StoredRecord, b: StoredRecord, field: string): number => {
  const [left, right] = [textOf(a, field), textOf(b, field)];
  return left < right ? -1 : left > right ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

const textOf = (record: StoredRecord, field: string): string => textAt(record, field) ?? '';

const tokenOf = (offset: number): string => Buffer.from(String(offset)).toString('base64url');
const offsetOf = (token: string): number => Math.max(0, Number(Buffer.from(token, 'base64url').toString()) || 0);
