import * as z from 'zod';
import { Conversion } from './conversion.ts';
import { Instant } from './instant.ts';
import { Money } from './money.ts';

/** A field of a customer or of a fact. Absent means unknown; null never occurs. */
export const Scalar = z.union([z.string().max(1_000), z.number(), z.boolean()]);
export type Scalar = z.infer<typeof Scalar>;

export const Attributes = z.record(z.string().min(1).max(64), Scalar);
export type Attributes = Readonly<z.infer<typeof Attributes>>;

export const FactType = z.string().regex(/^[a-z][a-zA-Z]*\.[a-z][a-zA-Z]*$/, 'a fact type is written subject.happened');

/** Something that happened to a customer, in our words: `invoice.paid`, `deal.won`, `meeting.held`. */
export const Fact = z.object({
  type: FactType,
  at: Instant,
  /** In the workspace's currency. */
  amount: Money.optional(),
  /** Where the record told the amount in another currency. */
  converted: Conversion.optional(),
  /** Further values a signal may read, e.g. { csat5: 4 }. */
  fields: z.record(z.string().min(1).max(64), Scalar).optional(),
});
export type Fact = Readonly<z.infer<typeof Fact>>;

/**
 * What the record itself says, without what a rate made of it: a record that comes again unchanged is no news because a better
 * rate has been published since.
 */
export const toldBy = (fact: Fact): object => {
  if (fact.converted === undefined) return fact;
  const { amount, converted, ...rest } = fact;
  return { ...rest, told: converted.told, countedIn: amount?.currency };
};
