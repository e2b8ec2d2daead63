import * as z from 'zod';
import { table } from '../../definitions/table.ts';
import { type CustomerState, HeldGrade } from '../../domain/customer-state.ts';
import { CustomerId, TenantId } from '../../domain/ids.ts';
import { packRecords, unpackRecords } from '../../domain/packed-records.ts';
import { PipelineError } from '../../domain/pipeline-error.ts';
import type { Item } from './requests.ts';

const text = z.object({ S: z.string() });
const number = z.object({ N: z.string() }).transform(({ N }) => Number(N));
const bytes = z.object({ B: z.instanceof(Uint8Array) });
const hex = bytes.transform(({ B }) => Buffer.from(B).toString('hex'));

/** A text that holds JSON of this shape. */
const json = <T>(schema: z.ZodType<T>) =>
  text.transform(({ S }, context): T => {
    const parsed = schema.safeParse(JSON.parse(S));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: z.prettifyError(parsed.error) });
    return z.NEVER;
  });

const Grades = z.record(z.string(), HeldGrade);
const PendingList = z.array(z.object({ key: z.string(), value: z.string(), at: z.int() }));

/** A STATE item as it is stored. Hex is kept as bytes: every byte of this item is written with every event. */
const StateItem = z.object({
  [table.partitionKey]: text.transform(({ S }) => readCustomerKey(S)),
  version: number,
  decidedAt: number,
  due: number.optional(),
  records: bytes.transform(({ B }) => unpackRecords(B)),
  grades: json(Grades),
  ledgerKey: hex,
  ledgerSeq: number,
  ledgerHash: hex,
  pending: json(PendingList).optional(),
});

const stateSortKey = 'STATE';

export const customerKey = (tenant: TenantId, customer: CustomerId): string => `${tenant}#${customer}`;

/** A tenant has no `#`. */
export const readCustomerKey = (key: string): { readonly tenant: TenantId; readonly customer: CustomerId } => {
  const at = key.indexOf('#');
  return { tenant: TenantId.parse(key.slice(0, at)), customer: CustomerId.parse(key.slice(at + 1)) };
};

export const stateKey = (tenant: TenantId, customer: CustomerId): Item => ({
  [table.partitionKey]: { S: customerKey(tenant, customer) },
  [table.sortKey]: { S: stateSortKey },
});

/** The partitions of both indexes. */
export const shardsOf = (tenant: TenantId): readonly string[] =>
  Array.from({ length: table.shardsPerTenant }, (_, shard) => `${tenant}#${shard}`);

const shardOf = (tenant: TenantId, customer: CustomerId): string => {
  let hash = 0;
  for (let i = 0; i < customer.length; i += 1) hash = (Math.imul(hash, 31) + customer.charCodeAt(i)) >>> 0;
  return `${tenant}#${hash % table.shardsPerTenant}`;
};

export const itemOfState = (state: CustomerState): Item => {
  const { tenant, customer, due, pending, ledger } = state;
  const shard = { S: shardOf(tenant, customer) };
  const owed = pending[0];
  return {
    ...stateKey(tenant, customer),
    version: { N: String(state.version) },
    decidedAt: { N: String(state.decidedAt) },
    records: { B: packRecords(state.records) },
    grades: { S: JSON.stringify(state.grades) },
    ledgerKey: { B: Buffer.from(state.ledgerKey, 'hex') },
    ledgerSeq: { N: String(ledger.seq) },
    ledgerHash: { B: Buffer.from(ledger.hash, 'hex') },
    ...(due === undefined ? {} : { due: { N: String(due) }, dueShard: shard, claimableAt: { N: String(due) } }),
    ...(owed === undefined
      ? {}
      : { pending: { S: JSON.stringify(pending) }, pendingShard: shard, pendingSince: { N: String(owed.at) } }),
  };
};

/** @throws {PipelineError} `STORE_CORRUPT`, not retryable, when the item is not what this store writes. */
export const stateOfItem = (item: Item): CustomerState => {
  const parsed = parseItem(item);
  const { tenant, customer } = parsed[table.partitionKey];
  return {
    tenant,
    customer,
    version: parsed.version,
    decidedAt: parsed.decidedAt,
    records: parsed.records,
    grades: parsed.grades,
    ...(parsed.due === undefined ? {} : { due: parsed.due }),
    ledgerKey: parsed.ledgerKey,
    ledger: { seq: parsed.ledgerSeq, hash: parsed.ledgerHash },
    pending: parsed.pending ?? [],
  };
};

const parseItem = (item: Item): z.infer<typeof StateItem> => {
  try {
    return StateItem.parse(item);
  } catch (cause) {
    throw new PipelineError('STORE_CORRUPT', 'a stored customer cannot be read', { retryable: false, cause });
  }
};
