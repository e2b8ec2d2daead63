import * as z from 'zod';

/** Dots walk into objects, numbers into lists: `Account_Name.id`, `Owner.0`. */
const Path = z.string().regex(/^[^.\s]+(\.[^.\s]+)*$/, 'a path is names joined by dots, e.g. Account_Name.id');

/** All must hold: the value at the path (as text) is one of those listed; what is absent has the text ''. `!` before the path turns it round. */
const Filter = z.record(z.string().min(1), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1));

const Name = z.string().min(1).max(64);

const AttributeMapping = z.union([
  /** As it stands there: a text, a number, a yes or no; a list becomes one text. */
  Path,
  /** `instant`: epoch milliseconds. `date`: YYYY-MM-DD in the workspace's zone. `first`: of a list. What cannot be read so is unknown. */
  z.strictObject({ path: Path, as: z.enum(['text', 'number', 'boolean', 'instant', 'date', 'first']) }),
  /** The same for every record of this kind, e.g. `lifecycle: { value: customer }`. */
  z.strictObject({ value: z.union([z.string().max(1_000), z.number(), z.boolean()]) }),
]);

const FactShape = z.strictObject({
  /** In our words, e.g. `invoice.paid`. */
  type: z
    .string()
    .regex(/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/, 'a fact type is written subject.happened, e.g. invoice.paid'),
  when: Filter.optional(),
  /**
   * Where the instant stands: ISO 8601 with offset (without one where the connection says its timezone), a date (local midnight of
   * the workspace's zone), or epoch milliseconds.
   */
  at: Path,
  /** Where the amount stands. */
  amount: Path.optional(),
  /** `minor`: the amount is written in cents, fen, … of its currency; whole yen are minor units too. */
  amountIn: z.enum(['major', 'minor']).optional(),
  /** Where the currency code stands; without it the workspace's currency holds. */
  currency: Path.optional(),
  /**
   * Where an instant stands whose day's rate converts the amount, e.g. of the sale that a refund takes back. Where the record
   * has none there, its own instant does.
   */
  rateAt: Path.optional(),
  /** Take the amount without its sign: a refund is a positive amount of type `invoice.refunded`. */
  absolute: z.boolean().default(false),
  /** Only amounts of this sign: `negative` is below zero, `positive` is not. Without an amount neither holds. */
  sign: z.enum(['positive', 'negative']).optional(),
  fields: z.record(Name, Path).default({}),
});

const FactMapping = FactShape.refine((fact) => fact.sign === undefined || fact.amount !== undefined, {
  path: ['sign'],
  error: 'sign says something about the amount: name the path of the amount too',
})
  .refine((fact) => fact.amountIn === undefined || fact.amount !== undefined, {
    path: ['amountIn'],
    error: 'amountIn says something about the amount: name the path of the amount too',
  })
  .refine((fact) => fact.rateAt === undefined || (fact.amount !== undefined && fact.currency !== undefined), {
    path: ['rateAt'],
    error: 'rateAt says how an amount is converted: name the paths of the amount and of its currency too',
  });

const Subject = z.strictObject({ kind: z.enum(['account', 'contact', 'lead']), id: Path });

const RecordShape = z.strictObject({
  /** Where the record's own id stands. Needed for fat (generic) deliveries only. */
  id: Path.optional(),
  customer: Subject,
  /**
   * Where the id of the customer stands, of the same kind, whose part this record's customer is since the CRM merged the two.
   * Where nothing stands there it is one of its own.
   */
  mergedInto: Path.optional(),
  /** Which customer this record's customer, a lead, was converted to; none where nothing stands there. */
  convertedTo: Subject.optional(),
  /** Where the modification instant stands. Without it arrival is the version. */
  version: Path.optional(),
  /** Records for which this does not hold are not ours. */
  keepIf: Filter.optional(),
  attributes: z.record(Name, AttributeMapping).default({}),
  facts: z.array(FactMapping).default([]),
});

/** How one kind of CRM record becomes attributes and facts of a customer. */
export const RecordMapping = RecordShape.refine(
  ({ mergedInto, convertedTo }) => mergedInto === undefined || convertedTo === undefined,
  { path: ['convertedTo'], error: 'a customer is merged or converted: name mergedInto or convertedTo, not both' },
);
export type RecordMapping = z.infer<typeof RecordMapping>;
export type AttributeMapping = z.infer<typeof AttributeMapping>;
export type FactMapping = z.infer<typeof FactMapping>;
