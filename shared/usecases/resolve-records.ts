import { ConnectionId, type TenantId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { recordKeyOf } from '../domain/record.ts';
import type { Sighting } from '../domain/record-item.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { InboxHint, RecordStore, ResolveCommit, ResolvedHint } from '../ports/record-store.ts';
import type { Received, Stream, Work } from '../ports/stream.ts';
import type { Trail } from '../ports/trail.ts';
import type { Park } from './park.ts';
import { type Folded, foldSightings, publishItems } from './record-items.ts';
import { type Seen, trailOfResolved } from './trail-of-resolved.ts';
import { refOf, type Understanding, understand } from './understand-hint.ts';

export interface ResolveDeps extends Understanding {
  readonly tenant: TenantId;
  readonly records: RecordStore;
  readonly stream: Stream;
  readonly clock: Clock;
  readonly park: Park;
  readonly metrics: Metrics;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
}

const stage = 'resolve-records';

/**
 * Fat hints become events at once; thin ones go to the inbox, to be read back at the CRM's pace. Safe to call twice with
 * the same records: versions make the second call harmless, offsets keep it from counting twice. The hints of records that
 * could not be written come back.
 */
export const resolveRecords =
  (deps: ResolveDeps): Work =>
  async (batch) => {
    const last = batch.at(-1);
    if (last === undefined) return [];
    deps.metrics.count(stage, 'in', batch.length);
    const { inbox, hints, sightings, asides } = await sort(batch, deps);
    const { partition, offset: upTo, at: upToAt } = last;
    const lost = await commit(deps, { partition, upTo, upToAt, inbox, hints, sightings });
    for (const { id, key, to, outcome } of asides) if (!lost.has(key)) deps.trail?.(stage, [id], to, outcome);
    if (lost.size === 0) return [];
    deps.metrics.count(stage, 'retried', lost.size);
    const again = new Set([...inbox, ...sightings].filter(({ key }) => lost.has(key)).map(({ offset }) => offset));
    return batch.filter(({ offset }) => again.has(offset));
  };

type Sighted = {
  /** Of the hint. */
  readonly id: string;
  readonly key: string;
  readonly offset: number;
  readonly appendedAt: Instant;
  readonly sighting: Sighting;
};

/** A hint that is no sighting, and where it went. */
interface Aside {
  readonly id: string;
  readonly key: string;
  readonly to: readonly string[];
  readonly outcome: string;
}

interface Sorted {
  readonly inbox: readonly (InboxHint & { readonly key: string })[];
  readonly hints: readonly ResolvedHint[];
  readonly sightings: readonly Sighted[];
  readonly asides: readonly Aside[];
}

const sort = async (batch: readonly Received[], deps: ResolveDeps): Promise<Sorted> => {
  const inbox: (InboxHint & { readonly key: string })[] = [];
  const hints: ResolvedHint[] = [];
  const sightings: Sighted[] = [];
  const asides: Aside[] = [];
  for (const record of batch) {
    const { id = record.key, hint, understood } = understand(record.value, deps);
    const aside = (outcome: string, to: readonly string[] = []) => asides.push({ id, key: record.key, to, outcome });
    const connection = hint?.connection ?? connectionOfKey(record.key);
    const place = { offset: record.offset, appendedAt: record.at };
    if (understood.step === 'sighting') {
      const { sighting } = understood;
      sightings.push({ ...place, id, key: recordKeyOf(sighting.record), sighting });
    } else if (understood.step === 'read-back' && hint !== undefined) {
      const ref = refOf(hint);
      const waiting = { record: ref, at: hint.receivedAt, retryAt: deps.clock.wallNow() };
      inbox.push({ ...place, key: recordKeyOf(ref), ...waiting });
      aside('waits', [recordKeyOf(ref)]);
    } else if (understood.step === 'rejected' && connection !== undefined) {
      deps.metrics.count(stage, 'rejected', 1);
      hints.push({ connection, ...place, outcome: 'rejected', reason: understood.reason });
      aside('rejected');
    } else if (understood.step === 'dead') {
      await deps.park(record, understood.reason, understood.detail);
      if (connection !== undefined) hints.push({ connection, ...place, outcome: 'dead', reason: understood.reason });
      aside('dead');
    }
  }
  return { inbox, hints, sightings, asides };
};

type Resolution = Omit<Sorted, 'asides'> & Pick<ResolveCommit, 'partition' | 'upTo' | 'upToAt'>;

/** Races lost in a row by a record before its hints are given back to the stream. */
const mostRaces = 4;

/** Returns the keys of records of which nothing was written. What counts was counted with the first try. */
const commit = async (deps: ResolveDeps, resolution: Resolution): Promise<ReadonlySet<string>> => {
  const { inbox, partition, upTo, upToAt } = resolution;
  let lost = new Set(await commitOnce(deps, resolution));
  for (let race = 1; lost.size > 0 && race < mostRaces; race += 1) {
    const sightings = resolution.sightings.filter(({ key }) => lost.has(key));
    if (sightings.length === 0) break;
    const waiting = [...lost].filter((key) => inbox.some((each) => each.key === key));
    const again = await commitOnce(deps, { partition, upTo, upToAt, inbox: [], hints: [], sightings }, false);
    lost = new Set([...again, ...waiting]);
  }
  return lost;
};

const commitOnce = async (deps: ResolveDeps, resolution: Resolution, counts = true): Promise<readonly string[]> => {
  const { tenant, records, stream, metrics } = deps;
  const { partition, upTo, upToAt, inbox, hints, sightings } = resolution;
  const stored = await records.findAll(
    tenant,
    sightings.map(({ sighting }) => sighting.record),
  );
  const keys = new Set(sightings.map(({ key }) => key));
  await publishItems(
    [...keys].flatMap((key) => stored.get(key) ?? []),
    { tenant, records, stream },
  );
  const folded = foldSightings(
    tenant,
    stored,
    sightings.map(({ sighting }) => sighting),
  );
  const sighted = sightings.map(({ offset, appendedAt, sighting }, index) => ({
    connection: sighting.record.connection,
    offset,
    appendedAt,
    ...(folded.outcomes[index] ?? { outcome: 'resolved' as const }),
  }));
  const lost = await records.commitResolved(tenant, {
    partition,
    upTo,
    upToAt,
    records: folded.items,
    inbox,
    hints: counts ? [...hints, ...sighted] : [],
  });
  const written = folded.items.filter(({ record }) => !lost.includes(recordKeyOf(record)));
  const owed = folded.owed.filter(({ record }) => !lost.includes(record)).map(({ message }) => message);
  const out = await publishItems(written, { tenant, records, stream }, owed);
  if (deps.trail !== undefined) trailOfResolved(stage, seenBy(sightings, folded, lost), deps.trail);
  if (out > 0) metrics.count(stage, 'out', out);
  const duplicates = sighted.filter(({ outcome }) => outcome === 'deduplicated').length;
  if (counts && duplicates > 0) metrics.count(stage, 'duplicate', duplicates);
  return lost;
};

const seenBy = (sightings: readonly Sighted[], folded: Folded, lost: readonly string[]): Seen => ({
  from: sightings.map(({ id }) => id),
  sightings: sightings.map(({ sighting }) => sighting),
  folded,
  lost: new Set(lost),
});

/**
 * Keys on `regrade.webhooks` begin with the connection: enough to account for a record that cannot be read. Undefined for
 * a key that is not ours: nobody counted such a record as received.
 */
const connectionOfKey = (key: string): ConnectionId | undefined =>
  ConnectionId.safeParse(key.slice(0, Math.max(0, key.indexOf('/')))).data;
