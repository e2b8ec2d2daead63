/**
 * The one DynamoDB table. Partition key: tenant and customer. Sort key: `STATE`, `LEDGER#seq#hash` or `BODY#seq#hash`.
 * Both indexes are sparse (an item is in one only while it has its attributes) and hold keys alone.
 */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: {
    /** Customers by the instant at which they may be claimed next. */
    due: { name: 'due', partitionKey: 'dueShard', sortKey: 'claimableAt' },
    /** Customers whose pending list is not published, by its oldest entry. */
    unpublished: { name: 'unpublished', partitionKey: 'pendingShard', sortKey: 'pendingSince' },
  },
  /** One partition of an index takes 1,000 writes a second. Changing it needs every state to be written again. */
  shardsPerTenant: 8,
} as const;
