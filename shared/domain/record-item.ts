import type { RecordEvent } from './event.ts';
import type { Attributes, Fact } from './fact.ts';
import type { CustomerId, TenantId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Becomes } from './merge.ts';
import type { Pending } from './pending.ts';
import type { RecordRef, RecordVersion } from './record.ts';

/** What we know of one CRM record: whose it is, at which version. */
export interface RecordItem {
  readonly tenant: TenantId;
  readonly record: RecordRef;
  /** 0 for a record never stored; each commit adds one. */
  readonly itemVersion: number;
  /** Null before its first owner and after it is gone. */
  readonly customer: CustomerId | null;
  readonly version: RecordVersion;
  /** Digest of what it says: equal content is not sent again. */
  readonly hash: string;
  readonly deleted: boolean;
  /** Short digests of the last deliveries that no source instant tells apart: a repeat must not count as news. */
  readonly recentDeliveries: readonly string[];
  /** What this item owes to `regrade.events`, oldest first. */
  readonly pending: readonly Pending[];
}

/** What was just learnt of a record, from a delivery or a read-back. */
export type Sighting = {
  readonly record: RecordRef;
  /** The CRM's own modification instant; absent where arrival is the version. */
  readonly source?: Instant;
  /** When it was received or read. */
  readonly read: Instant;
  /** The delivery it came with. */
  readonly delivery: string;
} & (
  | {
      readonly kind: 'says';
      readonly customer: CustomerId;
      readonly attributes: Attributes;
      readonly facts: readonly Fact[];
      readonly becomes?: Becomes;
      readonly hash: string;
    }
  /** It is nobody's now: deleted, or `because` of what it says. */
  | { readonly kind: 'gone'; readonly because?: string }
);

export type Sighted =
  /** Nothing new: an older or equal version, or a delivery applied before. Nothing to write. */
  | { readonly outcome: 'repeat' }
  /** A newer version that says the same: to be remembered, nobody needs to hear of it. */
  | { readonly outcome: 'unchanged'; readonly item: RecordItem }
  | { readonly outcome: 'news'; readonly item: RecordItem; readonly events: readonly RecordEvent[] };

/** Deliveries remembered per record. A sender that repeats one later than this many others has no order to speak of. */
const rememberedDeliveries = 16;

export const unknownRecord = (tenant: TenantId, record: RecordRef): RecordItem => ({
  tenant,
  record,
  itemVersion: 0,
  customer: null,
  version: { assignment: 0, source: Number.MIN_SAFE_INTEGER, read: Number.MIN_SAFE_INTEGER },
  hash: '',
  deleted: false,
  recentDeliveries: [],
  pending: [],
});

/**
 * The whole step from a sighting to what it means for customers. A record that moves is retracted from its old owner and
 * asserted at the new one; only here the assignment number grows. Total and pure. The item comes back without a pending
 * list: the caller puts the events there.
 */
export const sightRecord = (item: RecordItem, sighting: Sighting): Sighted => {
  const source = sourceOf(item, sighting);
  if (!isNewer(item, sighting, source)) return { outcome: 'repeat' };
  const customer = sighting.kind === 'says' ? sighting.customer : null;
  const assignment = item.version.assignment + (customer === item.customer ? 0 : 1);
  const version: RecordVersion = { assignment, source, read: sighting.read };
  const next: RecordItem = {
    ...item,
    itemVersion: item.itemVersion + 1,
    customer,
    version,
    hash: sighting.kind === 'says' ? sighting.hash : '',
    deleted: sighting.kind === 'gone',
    recentDeliveries: remember(isOfNewInstant(item, sighting) ? [] : item.recentDeliveries, sighting.delivery),
    pending: [],
  };
  const same =
    item.itemVersion > 0 && next.deleted === item.deleted && next.customer === item.customer && next.hash === item.hash;
  return same
    ? { outcome: 'unchanged', item: next }
    : { outcome: 'news', item: next, events: eventsOf(item, sighting, version) };
};

/** A disappearance has no instant of its own: it counts as the last known one, read later. */
const sourceOf = (item: RecordItem, sighting: Sighting): Instant => {
  if (sighting.source !== undefined) return sighting.source;
  return sighting.kind === 'gone' && item.itemVersion > 0 ? item.version.source : sighting.read;
};

const isNewer = (item: RecordItem, sighting: Sighting, source: Instant): boolean => {
  if (item.itemVersion === 0) return true;
  // a vendor's clock may tick in seconds: a late copy of a delivery must not win over what came since in the same second
  const undated = sighting.source === undefined || source === item.version.source;
  if (undated && item.recentDeliveries.includes(sighting.delivery)) return false;
  return (source - item.version.source || sighting.read - item.version.read) > 0;
};

const eventsOf = (item: RecordItem, sighting: Sighting, version: RecordVersion): readonly RecordEvent[] => {
  const common = { tenant: item.tenant, record: item.record, version, trace: sighting.delivery };
  const retracted: RecordEvent[] =
    item.customer !== null && (sighting.kind === 'gone' || sighting.customer !== item.customer)
      ? [{ ...common, kind: 'record.retracted', customer: item.customer }]
      : [];
  if (sighting.kind === 'gone') return retracted;
  const { customer, attributes, facts, becomes } = sighting;
  const said = { customer, attributes, facts: [...facts], ...(becomes === undefined ? {} : { becomes }) };
  return [...retracted, { ...common, kind: 'record.asserted', ...said }];
};

/** Deliveries of an older source instant lose by that instant: they need not be remembered. */
const isOfNewInstant = (item: RecordItem, { source }: Sighting): boolean =>
  source !== undefined && source > item.version.source;

const remember = (known: readonly string[], delivery: string): readonly string[] =>
  [...known, delivery].slice(-rememberedDeliveries);
