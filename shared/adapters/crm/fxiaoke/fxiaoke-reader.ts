import * as z from 'zod';
import type { RecordMapping } from '../../../definitions/mapping.ts';
import { fieldsOfMapping } from '../../../domain/mapping-fields.ts';
import type { RecordContent } from '../../../domain/mapping-outcome.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { CrmReader } from '../../../ports/crm.ts';
import { batchesOf } from '../batches-of.ts';
import type { FxiaokeClient } from './fxiaoke-client.ts';

export interface FxiaokeReaderDeps {
  readonly client: FxiaokeClient;
  /** By object API name. */
  readonly records: Readonly<Record<string, RecordMapping>>;
}

const batchSize = 100;

type FxiaokeRecord = RecordContent & { readonly _id: string };

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '_id' in value && typeof value._id === 'string';

const QueryBody = z.object({ data: z.object({ dataList: z.array(z.custom<FxiaokeRecord>(isRecord)) }) });
/** Nothing, null or an empty object: there is no such record. */
const GetBody = z.object({
  data: z.union([
    z.custom<FxiaokeRecord>(isRecord),
    z
      .strictObject({})
      .nullish()
      .transform(() => undefined),
  ]),
});

/**
 * Reads records back from FXiaoKe, up to 100 ids in one query. An id that does not come back is asked for once by itself,
 * and counts as gone only if that answer says so: no data, deleted, or invalidated (作废). An errorCode is never taken for
 * "gone", unless the settings class it as `ok`.
 */
export const fxiaokeReader = ({ client, records }: FxiaokeReaderDeps): CrmReader => ({
  batchSize,
  waitMs: () => client.waitMs(),
  readAll: async (object, ids) => {
    const mapping = Object.hasOwn(records, object) ? records[object] : undefined;
    if (mapping === undefined)
      throw new PipelineError('CRM_REFUSED', `${object} has no mapping: it is not read back`, { retryable: false });
    const found = new Map<string, RecordContent>();
    for (const batch of batchesOf([...new Set(ids)], batchSize)) {
      for (const record of await queryBatch(client, object, batch, projectionOf(mapping)))
        if (!isGone(record)) found.set(record._id, record);
    }
    return found;
  },
});

const queryBatch = async (
  client: FxiaokeClient,
  object: string,
  ids: readonly string[],
  fieldProjection: readonly string[],
): Promise<readonly FxiaokeRecord[]> => {
  const answer = await client.call(routeOf(object, 'query'), {
    data: {
      dataObjectApiName: object,
      find_explicit_total_num: false,
      search_query_info: {
        limit: batchSize,
        offset: 0,
        filters: [{ field_name: '_id', operator: 'IN', field_values: ids }],
        orders: [{ fieldName: '_id', isAsc: true }],
        fieldProjection,
      },
    },
    includeNull: true,
  });
  const body = QueryBody.safeParse(answer);
  if (!body.success) throw notUnderstood(object, 'query');
  const answered = new Set(body.data.data.dataList.map(({ _id }) => _id));
  const confirmed: FxiaokeRecord[] = [];
  for (const id of ids) if (!answered.has(id)) confirmed.push(...(await getOne(client, object, id)));
  return [...body.data.data.dataList, ...confirmed];
};

const getOne = async (client: FxiaokeClient, object: string, id: string): Promise<readonly FxiaokeRecord[]> => {
  const answer = await client.call(routeOf(object, 'get'), { data: { dataObjectApiName: object, objectDataId: id } });
  const body = GetBody.safeParse(answer);
  if (!body.success) throw notUnderstood(object, 'get');
  const record = body.data.data;
  // after a merge the survivor may answer in its place
  return record?._id === id ? [record] : [];
};

/** Preset and custom objects live under different routes. */
const routeOf = (object: string, operation: 'query' | 'get'): string =>
  object.endsWith('__c') ? `/cgi/crm/custom/v2/data/${operation}` : `/cgi/crm/v2/data/${operation}`;

const notUnderstood = (object: string, operation: string): PipelineError =>
  new PipelineError('CRM_UNAVAILABLE', `FXiaoKe's answer to ${operation} of ${object} is not understood`, {
    retryable: true,
  });

const isGone = ({ life_status, is_deleted }: FxiaokeRecord): boolean =>
  life_status === 'invalid' || is_deleted === true || is_deleted === 1 || is_deleted === '1' || is_deleted === 'true';

const always = ['_id', 'last_modified_time', 'life_status', 'is_deleted'];

/** Resolved names (`owner__r`) and their like come along with the field they belong to. */
const projectionOf = (mapping: RecordMapping): readonly string[] => [
  ...new Set([
    ...always,
    ...fieldsOfMapping(mapping).map((field) => field.replace(/__(r|l|o|v|p|e|relation_ids)$/, '')),
  ]),
];
