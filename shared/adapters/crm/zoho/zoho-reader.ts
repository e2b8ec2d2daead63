import * as z from 'zod';
import type { RecordMapping } from '../../../definitions/mapping.ts';
import { fieldsOfMapping } from '../../../domain/mapping-fields.ts';
import type { RecordContent } from '../../../domain/mapping-outcome.ts';
import { PipelineError } from '../../../domain/pipeline-error.ts';
import type { CrmReader } from '../../../ports/crm.ts';
import { batchesOf } from '../batches-of.ts';
import type { ZohoClient } from './zoho-client.ts';

export interface ZohoReaderDeps {
  readonly client: ZohoClient;
  /** By module. */
  readonly records: Readonly<Record<string, RecordMapping>>;
}

const batchSize = 100;
const mostFields = 50;
/** Zoho's ids are whole numbers of up to 19 digits; others cannot exist there, and one of them would spoil a batch. */
const zohoId = /^\d{1,19}$/;

/** `more_records` cannot be true for 100 ids on a page of 200; if it is, absent does not mean gone. */
const RecordsBody = z.object({
  data: z.array(z.custom<RecordContent & { readonly id: string }>(hasTextId)),
  info: z.object({ more_records: z.literal(false).optional() }).optional(),
});

function hasTextId(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

/**
 * Reads records back from Zoho CRM v8, up to 100 ids in one GET, only the fields the mapping looks at.
 *
 * @throws {PipelineError} `CONFIG_INVALID` when a mapping looks at more than 50 fields.
 */
export const zohoReader = ({ client, records }: ZohoReaderDeps): CrmReader => {
  const fields = new Map(
    Object.entries(records).map(([module, mapping]) => [module, fieldsParameter(module, mapping)]),
  );
  return {
    batchSize,
    waitMs: () => client.waitMs(),
    readAll: async (module, ids) => {
      const asked = fields.get(module);
      if (asked === undefined) throw refused(`${module} has no mapping: it is not read back`);
      const known = [...new Set(ids)].filter((id) => zohoId.test(id));
      const found = new Map<string, RecordContent>();
      for (const batch of batchesOf(known, batchSize)) {
        for (const record of await readBatch(client, module, batch, asked)) found.set(record.id, record);
      }
      return found;
    },
  };
};

const refused = (message: string): PipelineError => new PipelineError('CRM_REFUSED', message, { retryable: false });

/** System keys (`$…`) come along without being asked for, and so does the id. */
const fieldsParameter = (module: string, mapping: RecordMapping): string => {
  const names = fieldsOfMapping(mapping).filter((name) => name !== 'id' && !name.startsWith('$'));
  const fields = [...new Set([...names, 'Modified_Time'])];
  if (fields.length <= mostFields) return fields.join(',');
  throw new PipelineError(
    'CONFIG_INVALID',
    `records.${module} looks at ${fields.length} fields, Zoho returns at most ${mostFields}`,
    {
      retryable: false,
    },
  );
};

const readBatch = async (client: ZohoClient, module: string, ids: readonly string[], fields: string) => {
  const answer = await client.call({
    method: 'GET',
    path: encodeURIComponent(module),
    // a record that waits for an approval, or a converted lead, is not gone
    query: { ids: ids.join(','), fields, approved: 'both', ...(module === 'Leads' ? { converted: 'both' } : {}) },
  });
  if (answer.outcome === 'failed') throw answer.error;
  if (answer.json === undefined) return [];
  const body = RecordsBody.safeParse(answer.json);
  if (answer.status === 200 && body.success) return body.data.data;
  throw answer.status >= 400
    ? refused(`Zoho refused to read ${module} (${answer.status})`)
    : new PipelineError('CRM_UNAVAILABLE', `Zoho's answer for ${module} is not a full list of records`, {
        retryable: true,
      });
};
