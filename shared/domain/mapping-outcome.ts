import type { Attributes, Fact } from './fact.ts';
import type { CustomerId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Json } from './json.ts';
import type { Becomes } from './merge.ts';

/** A record as its CRM tells it: field names and JSON values. */
export type RecordContent = { readonly [field: string]: Json };

/** What a record's content means for us. */
export type Observed =
  | {
      readonly outcome: 'observed';
      readonly customer: CustomerId;
      /** The CRM's own modification instant. Absent: arrival is the version. */
      readonly source?: Instant;
      /** The customer is part of this one by now. */
      readonly becomes?: Becomes;
      readonly attributes: Attributes;
      readonly facts: readonly Fact[];
    }
  | { readonly outcome: 'rejected'; readonly reason: 'unmapped-object' }
  /** Understood, and nobody's now: what it said before no longer holds. */
  | { readonly outcome: 'unowned'; readonly reason: 'filtered' | 'no-customer'; readonly source?: Instant }
  | Unreadable;

/** `detail` tells the operator what to change; it names paths, and of values at most a currency and the day of its rate. */
export interface Unreadable {
  readonly outcome: 'unreadable';
  readonly reason: UnreadableReason;
  readonly detail: string;
}

export type UnreadableReason =
  | 'bad-customer'
  | 'bad-version'
  | 'no-instant'
  | 'bad-amount'
  | 'bad-currency'
  | 'unknown-currency'
  | 'currency-without-rate'
  | 'too-many-facts';

/** What a line of `facts` cannot read. */
export const unreadableFact = (
  { type }: { readonly type: string },
  reason: UnreadableReason,
  detail: string,
): Unreadable => ({ outcome: 'unreadable', reason, detail: `${type}: ${detail}` });

export const instantForms =
  'write ISO 8601 with an offset (or say the `timezone` of the connection), a date, or epoch milliseconds';

/** Turns a record's content into our words. */
export interface Mapper {
  /** False for an object that is none of ours: it need not be read. */
  maps(object: string): boolean;
  /** The modification instant alone; undefined where the mapping names none or the content has none. */
  versionOf(object: string, content: RecordContent): Instant | undefined;
  observe(object: string, id: string, content: RecordContent): Observed;
}
