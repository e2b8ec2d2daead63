/**
 * The one DynamoDB table. The partition key begins with the kind of thing, then the tenant (`adapters/dynamodb/table/keys.ts`); all
 * of one customer shares a partition, so that erasing a person is one walk. Both indexes are sparse (an item is in one only
 * while it has its attributes), hold keys alone, and serve every kind: their partition keys begin with the kind as well.
 */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970: the item may go after it. */
  timeToLive: 'expiresAt',
  indexes: {
    /** What falls due, by the instant at which it may be claimed next. */
    due: { name: 'due', partitionKey: 'dueShard', sortKey: 'claimableAt' },
    /** Items whose pending list is not published, by its oldest entry. */
    unpublished: { name: 'unpublished', partitionKey: 'pendingShard', sortKey: 'pendingSince' },
  },
  /** One partition of an index takes 1,000 writes a second. Changing it needs every item to be written again. */
  shardsPerTenant: 8,
} as const;
