import { table } from '../../../definitions/table.ts';
import type { TenantId } from '../../../domain/ids.ts';
import type { Item } from './requests.ts';

/** What a partition holds, or what an index finds: stands first in its key. */
export type Kind =
  | 'customer'
  | 'record'
  | 'account'
  | 'spill'
  | 'relay'
  | 'token'
  | 'inbox'
  | 'action'
  | 'delivery'
  | 'channel'
  | 'memory'
  | 'cohort'
  | 'cohorts'
  | 'rank'
  | 'place'
  | 'models';

/** `kind#tenant#name`. Neither kind nor tenant has a `#`. */
export const partitionOf = (kind: Kind, tenant: TenantId, name: string): string => `${kind}#${tenant}#${name}`;

/** The last part of a partition key. */
export const nameInPartition = (key: string): string => key.slice(key.indexOf('#', key.indexOf('#') + 1) + 1);

export const keyOf = (partition: string, sort: string): Item => ({
  [table.partitionKey]: { S: partition },
  [table.sortKey]: { S: sort },
});

/** The partitions of an index for one kind of one tenant, or of one group within it. */
export const shardsOf = (kind: Kind, tenant: TenantId, group?: string): readonly string[] =>
  Array.from({ length: table.shardsPerTenant }, (_, shard) => shardName(kind, tenant, { group, shard }));

/** The shard of one name: always the same. */
export const shardOf = (kind: Kind, tenant: TenantId, name: string, group?: string): string => {
  let hash = 0;
  for (let i = 0; i < name.length; i += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return shardName(kind, tenant, { group, shard: hash % table.shardsPerTenant });
};

const shardName = (
  kind: Kind,
  tenant: TenantId,
  { group, shard }: { group: string | undefined; shard: number },
): string => `${kind}#${tenant}#${group === undefined ? '' : `${group}#`}${shard}`;
