import * as z from 'zod';

/** Dots walk into objects, numbers into lists: `Account_Name.id`, `Owner.0`. */
const Path = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'a path is names joined by dots, e.g. Account_Name.id');

/** All must hold: the value at the path (as text) is one of those listed. `!` before the path turns it round. */
const Filter = z.record(z.string().min(1), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1));

const AttributeMapping = z.union([
  Path,
  z.strictObject({ path: Path, as: z.enum(['text', 'number', 'boolean', 'instant', 'date', 'first']) }),
]);

const FactMapping = z.strictObject({
  /** In our words, e.g. `invoice.paid`. */
  type: z.string().regex(/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/, 'a fact type is written subject.happened, e.g. invoice.paid'),
  when: Filter.optional(),
  /** Where the instant stands: ISO 8601 with offset, a date (local midnight of the workspace's zone), or epoch milliseconds. */
  at: Path,
  /** Where the amount stands, in major units. */
  amount: Path.optional(),
  /** Where the currency code stands; without it the workspace's currency holds. */
  currency: Path.optional(),
  /** Take the amount without its sign: a refund is a positive amount of type `invoice.refunded`. */
  absolute: z.boolean().default(false),
  fields: z.record(z.string(), Path).default({}),
});

/** How one kind of CRM record becomes attributes and facts of a customer. */
export const RecordMapping = z.strictObject({
  /** Where the record's own id stands. Needed for fat (generic) deliveries only. */
  id: Path.optional(),
  customer: z.strictObject({ kind: z.enum(['account', 'contact', 'lead']), id: Path }),
  /** Where the modification instant stands. Without it arrival is the version. */
  version: Path.optional(),
  /** Records for which this does not hold are not ours. */
  keepIf: Filter.optional(),
  attributes: z.record(z.string(), AttributeMapping).default({}),
  facts: z.array(FactMapping).default([]),
});
export type RecordMapping = z.infer<typeof RecordMapping>;
