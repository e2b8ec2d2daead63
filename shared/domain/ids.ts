import * as z from 'zod';

export const TenantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and dashes, at most 40')
  .brand<'TenantId'>();
export type TenantId = z.infer<typeof TenantId>;

/** One CRM account that feeds us, e.g. `zoho-eu`. */
export const ConnectionId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and dashes, at most 40')
  .brand<'ConnectionId'>();
export type ConnectionId = z.infer<typeof ConnectionId>;

export const SubjectKind = z.enum(['account', 'contact', 'lead']);
export type SubjectKind = z.infer<typeof SubjectKind>;

/** `kind:connection:id`, e.g. `account:zoho-eu:554023000000527003`. */
export const CustomerId = z
  .string()
  .max(200)
  .regex(/^(account|contact|lead):[a-z0-9][a-z0-9-]{0,39}:.+$/, 'a customer is written kind:connection:id')
  .brand<'CustomerId'>();
export type CustomerId = z.infer<typeof CustomerId>;

export const isOfKind = (customer: CustomerId, kind: SubjectKind): boolean => customer.startsWith(`${kind}:`);

/** Names the customer that a CRM record is, or belongs to. */
export const customerIdOf = (kind: SubjectKind, connection: ConnectionId, id: string): CustomerId =>
  CustomerId.parse(`${kind}:${connection}:${id}`);
