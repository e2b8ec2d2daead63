import * as z from 'zod';
import { table } from '../../definitions/table.ts';
import type { CustomerId, TenantId } from '../../domain/ids.ts';
import { LedgerBody, type LedgerEntry } from '../../domain/ledger.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import { type Item, queryAll, type Table } from './requests.ts';
import { customerKey } from './state-item.ts';

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const LinkItem = z.object({
  seq: z.object({ N: z.string() }).transform(({ N }) => Number(N)),
  previous: text,
  digest: text,
  hash: text,
});
const BodyItem = z.object({ hash: text, body: text.transform((json) => LedgerBody.parse(JSON.parse(json))) });

const linkPrefix = 'LEDGER#';
const bodyPrefix = 'BODY#';

/** Two items an entry: the link, which stays, and the body, which goes when the person is erased. */
export const itemsOfEntry = (tenant: TenantId, customer: CustomerId, entry: LedgerEntry): readonly Item[] => {
  const { seq, previous, digest, hash, body } = entry;
  const keyOf = (prefix: string): Item => ({
    [table.partitionKey]: { S: customerKey(tenant, customer) },
    [table.sortKey]: { S: `${prefix}${String(seq).padStart(16, '0')}#${hash}` },
  });
  const link = {
    ...keyOf(linkPrefix),
    seq: { N: String(seq) },
    previous: { S: previous },
    digest: { S: digest },
    hash: { S: hash },
  };
  return body === undefined
    ? [link]
    : [link, { ...keyOf(bodyPrefix), hash: { S: hash }, body: { S: JSON.stringify(body) } }];
};

/** The entries that `head` reaches, oldest first. Others were left by writers that lost. */
export const readEntries = async (
  store: Table,
  tenant: TenantId,
  { customer, head }: { readonly customer: CustomerId; readonly head: string },
): Promise<readonly LedgerEntry[]> => {
  const pk = customerKey(tenant, customer);
  const links = (await withPrefix(store, pk, linkPrefix)).map((item) => parse(LinkItem, item));
  const bodies = (await withPrefix(store, pk, bodyPrefix)).map((item) => parse(BodyItem, item));
  const linkByHash = new Map(links.map((link) => [link.hash, link]));
  const bodyByHash = new Map(bodies.map(({ hash, body }) => [hash, body]));
  const reached: LedgerEntry[] = [];
  for (let link = linkByHash.get(head); link !== undefined; link = linkByHash.get(link.previous)) {
    // each link is reached once, whatever the stored chain says
    linkByHash.delete(link.hash);
    reached.push({ ...link, body: bodyByHash.get(link.hash) });
  }
  return reached.reverse();
};

const withPrefix = (store: Table, pk: string, prefix: string): Promise<readonly Item[]> =>
  queryAll(store, {
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :prefix)',
    ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
    ExpressionAttributeValues: { ':pk': { S: pk }, ':prefix': { S: prefix } },
    ConsistentRead: true,
  });

const parse = <T>(schema: z.ZodType<T>, item: Item): T => {
  try {
    return schema.parse(item);
  } catch (cause) {
    throw new PipelineError('STORE_CORRUPT', 'a stored ledger entry cannot be read', { retryable: false, cause });
  }
};
