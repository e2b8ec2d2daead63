import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { textAt } from '../../../shared/domain/path.ts';
import { listRecords } from './stand-in-list.ts';
import { project, type RecordChange, type StandInRecords, type StoredRecord } from './stand-in-records.ts';

export interface RecordRoutesSettings {
  readonly records: StandInRecords;
  /** By module: a field of which no two records may have the same value. */
  readonly uniqueFields: Readonly<Record<string, string>>;
  readonly told: (change: RecordChange) => void;
}

const mostIds = 100;
const mostFields = 50;

const Rows = z.object({ data: z.array(z.record(z.string(), z.json())).min(1).max(100) });
type Row = z.infer<typeof Rows>['data'][number];

const failure = (code: string, message: string, details: object = {}) => ({ code, details, message, status: 'error' });

/** Reading and writing records: one, by ids, as a list; rows of a write have results of their own. */
export const recordRoutes = (settings: RecordRoutesSettings): Hono => {
  const { records } = settings;
  const read = (c: Context): Response => {
    const module = c.req.param('module') ?? '';
    const { ids, fields } = c.req.query();
    if (fields === undefined || fields === '')
      return c.json(
        failure('REQUIRED_PARAM_MISSING', 'One of the expected parameter is missing', { param: 'fields' }),
        400,
      );
    const names = fields.split(',');
    const asked = ids?.split(',') ?? [];
    if (names.length > mostFields || asked.length > mostIds)
      return c.json(failure('LIMIT_EXCEEDED', 'too many fields or ids'), 400);
    if (ids === undefined) return listRecords(c, records.list(module).filter(isVisible(c)), names);
    const found = asked.flatMap((id) => records.find(module, id) ?? []).filter(isVisible(c));
    if (found.length === 0) return c.body(null, 204);
    const info = { per_page: 200, count: found.length, page: 1, more_records: false };
    return c.json({ data: found.map((record) => project(record, names)), info });
  };
  const readOne = (c: Context): Response => {
    const found = records.find(c.req.param('module') ?? '', c.req.param('id') ?? '');
    if (found === undefined || !isVisible(c)(found)) return c.body(null, 204);
    const fields = c.req.query('fields')?.split(',') ?? Object.keys(found);
    return c.json({ data: [project(found, fields)] });
  };
  const write = async (c: Context, apply: (module: string, row: Row, index: number) => object, done: 200 | 201) => {
    const body = Rows.safeParse(await c.req.json<unknown>().catch(() => undefined));
    if (!body.success) return c.json(failure('INVALID_DATA', 'body'), 400);
    const id = c.req.param('id');
    const rows = id === undefined ? body.data.data : body.data.data.map((row) => ({ ...row, id }));
    const data = rows.map((row, index) => apply(c.req.param('module') ?? '', row, index));
    const failures = data.filter((row) => 'status' in row && row.status === 'error').length;
    return c.json({ data }, failures === 0 ? done : failures === data.length ? 400 : 207);
  };
  const create = (module: string, row: Row, index: number) =>
    problemOf(settings, module, row, index) ?? save(settings, module, row);
  const update = (module: string, row: Row, index: number) =>
    records.find(module, textAt(row, 'id') ?? '') === undefined
      ? failure('INVALID_DATA', 'the id given seems to be invalid', {
          api_name: 'id',
          json_path: `$.data[${index}].id`,
        })
      : (duplicateOf(settings, module, row, index) ?? save(settings, module, row));
  const routes = new Hono();
  routes.get('/:module', read);
  routes.get('/:module/:id', readOne);
  routes.post('/:module', (c) => write(c, create, 201));
  routes.put('/:module', (c) => write(c, update, 200));
  routes.put('/:module/:id', (c) => write(c, update, 200));
  return routes;
};

/** A converted lead shows itself only to those who ask for converted ones. */
const isVisible = (c: Context): ((record: StoredRecord) => boolean) => {
  const converted = c.req.query('converted');
  return (record) => record['$converted'] !== true || converted === 'true' || converted === 'both';
};

const save = ({ records, told }: RecordRoutesSettings, module: string, row: Row) => {
  const change = records.put(module, row);
  told(change);
  const stored = records.find(module, change.id);
  const details = { id: change.id, Modified_Time: stored?.['Modified_Time'], Created_Time: stored?.['Created_Time'] };
  const message = change.operation === 'insert' ? 'record added' : 'record updated';
  return { code: 'SUCCESS', details, message, status: 'success' };
};

const problemOf = (settings: RecordRoutesSettings, module: string, row: Row, index: number) => {
  if (module !== 'Tasks') return duplicateOf(settings, module, row, index);
  if (typeof row['Subject'] !== 'string' || row['Subject'] === '')
    return failure('MANDATORY_NOT_FOUND', 'required field not found', {
      api_name: 'Subject',
      json_path: `$.data[${index}].Subject`,
    });
  const due = row['Due_Date'] ?? null;
  if (due !== null && !z.iso.date().safeParse(due).success)
    return failure('INVALID_DATA', 'invalid data', {
      api_name: 'Due_Date',
      expected_data_type: 'date',
      json_path: `$.data[${index}].Due_Date`,
    });
  return duplicateOf(settings, module, row, index);
};

const duplicateOf = ({ records, uniqueFields }: RecordRoutesSettings, module: string, row: Row, index: number) => {
  const field = uniqueFields[module];
  const found = field === undefined ? undefined : records.findBy(module, field, row[field] ?? null);
  if (field === undefined || found === undefined || found.id === row['id']) return undefined;
  return failure('DUPLICATE_DATA', 'duplicate data', {
    api_name: field,
    id: found.id,
    json_path: `$.data[${index}].${field}`,
  });
};
