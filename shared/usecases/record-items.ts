import { topics } from '../definitions/topics.ts';
import { encodeCloudEvent } from '../domain/cloud-event.ts';
import type { RecordEvent } from '../domain/event.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Pending } from '../domain/pending.ts';
import { type RecordVersion, recordKeyOf } from '../domain/record.ts';
import { type RecordItem, type Sighting, sightRecord, unknownRecord } from '../domain/record-item.ts';
import type { HintOutcome, RecordStore } from '../ports/record-store.ts';
import type { Stream } from '../ports/stream.ts';

export interface Folded {
  /** Items to put, each one version above what is stored. */
  readonly items: readonly RecordItem[];
  /** Per sighting, in order. */
  readonly outcomes: readonly SightingOutcome[];
  /** What the items owe because of these sightings, in the order of the sightings: where a batch ends must not show. */
  readonly owed: readonly Owed[];
}

export interface Owed {
  /** The record that owes it. */
  readonly record: string;
  /** The id of the event. */
  readonly event: string;
  readonly message: Pending;
}

export interface SightingOutcome {
  readonly outcome: HintOutcome;
  readonly reason?: string;
}

/** Applies sightings in order; several of one record become one item that owes all their events. */
export const foldSightings = (
  tenant: TenantId,
  stored: ReadonlyMap<string, RecordItem>,
  sightings: readonly Sighting[],
): Folded => {
  const folded = new Map<string, RecordItem>();
  const inOrder: Owed[] = [];
  const outcomes = sightings.map((sighting): SightingOutcome => {
    const key = recordKeyOf(sighting.record);
    const before = folded.get(key) ?? stored.get(key) ?? unknownRecord(tenant, sighting.record);
    const sighted = sightRecord(before, sighting);
    if (sighted.outcome === 'repeat') return { outcome: 'deduplicated' };
    const owed = folded.get(key)?.pending ?? [];
    const news = sighted.outcome === 'news' ? sighted.events : [];
    const owes = news.map((event): Owed => owedFor(key, event, sighting.read));
    inOrder.push(...owes);
    const events = owes.map(({ message }) => message);
    const itemVersion = (stored.get(key)?.itemVersion ?? 0) + 1;
    folded.set(key, { ...sighted.item, itemVersion, pending: [...owed, ...events] });
    // a record that was nobody's before and is nobody's now was understood, and none of ours
    if (sighting.kind === 'gone' && sighting.because !== undefined && events.length === 0)
      return { outcome: 'rejected', reason: sighting.because };
    return { outcome: sighted.outcome === 'news' ? 'resolved' : 'deduplicated' };
  });
  return { items: [...folded.values()], outcomes, owed: inOrder };
};

const owedFor = (record: string, event: RecordEvent, at: Instant): Owed => {
  const id = eventIdOf(event);
  const { tenant, kind, customer: key } = event;
  const value = encodeCloudEvent({ id, source: `regrade/${tenant}`, type: `regrade.${kind}`, data: event }, at);
  return { record, event: id, message: { key, value, at } };
};

const eventIdOf = (event: RecordEvent): string =>
  `${recordKeyOf(event.record)}@${versionText(event.version)}${event.kind === 'record.retracted' ? '-' : '+'}`;

const versionText = ({ assignment, source, read }: RecordVersion): string => `${assignment}.${source}.${read}`;

/**
 * Publishes what items owe, `inOrder` where the caller knows a better one than item by item; then takes it off their lists.
 * Returns how many messages that were.
 */
export const publishItems = async (
  items: readonly RecordItem[],
  { tenant, records, stream }: { readonly tenant: TenantId; readonly records: RecordStore; readonly stream: Stream },
  inOrder: readonly Pending[] = items.flatMap(({ pending }) => pending),
): Promise<number> => {
  const owing = items.filter(({ pending }) => pending.length > 0);
  if (owing.length === 0) return 0;
  await stream.append(topics.events, inOrder);
  await records.markPublished(tenant, owing);
  return inOrder.length;
};
