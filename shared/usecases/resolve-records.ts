import { decodeCloudEvent } from '../domain/cloud-event.ts';
import { Hint } from '../domain/hint.ts';
import { ConnectionId, type TenantId } from '../domain/ids.ts';
import type { Mapper, Observed } from '../domain/mapping-outcome.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { type RecordRef, recordKeyOf } from '../domain/record.ts';
import type { Sighting } from '../domain/record-item.ts';
import type { Clock } from '../ports/clock.ts';
import type { CrmReader } from '../ports/crm.ts';
import type { InboxHint, RecordStore, ResolvedHint } from '../ports/record-store.ts';
import type { Received, Stream } from '../ports/stream.ts';
import type { Park } from './park.ts';
import { foldSightings, publishItems } from './record-items.ts';

/** What resolving needs to know of one connection. */
export interface ConnectionSource {
  readonly mapper: Mapper;
  /** Absent where the connection has no credentials: thin hints cannot be read back then. */
  readonly reader?: CrmReader;
  /** The fields that our own write-back fills. A hint about nothing else is an echo. */
  readonly ownFields: ReadonlySet<string>;
}

export interface ResolveDeps {
  readonly tenant: TenantId;
  readonly connections: ReadonlyMap<ConnectionId, ConnectionSource>;
  readonly records: RecordStore;
  readonly stream: Stream;
  readonly sha256: (text: string) => string;
  readonly clock: Clock;
  readonly park: Park;
}

/** What a hint, or a record that was read back, means. */
export type Understood =
  | { readonly step: 'sighting'; readonly sighting: Sighting }
  | { readonly step: 'read-back' }
  | { readonly step: 'rejected'; readonly reason: string }
  | { readonly step: 'dead'; readonly reason: string; readonly detail: string };

/**
 * Fat hints become events at once; thin ones go to the inbox, to be read back at the CRM's pace. Safe to call twice with
 * the same records: versions make the second call harmless, offsets keep it from counting twice.
 */
export const resolveRecords =
  (deps: ResolveDeps) =>
  async (batch: readonly Received[]): Promise<void> => {
    const last = batch.at(-1);
    if (last === undefined) return;
    const inbox: InboxHint[] = [];
    const hints: ResolvedHint[] = [];
    const sightings: { readonly offset: number; readonly sighting: Sighting }[] = [];
    for (const record of batch) {
      const { hint, understood } = understand(record, deps);
      const connection = hint?.connection ?? connectionOfKey(record.key);
      const { offset } = record;
      if (understood.step === 'sighting') sightings.push({ offset, sighting: understood.sighting });
      else if (understood.step === 'read-back' && hint !== undefined)
        inbox.push({ record: refOf(hint), offset, at: hint.receivedAt, retryAt: deps.clock.wallNow() });
      else if (understood.step === 'rejected' && connection !== undefined)
        hints.push({ connection, offset, outcome: 'rejected', reason: understood.reason });
      else if (understood.step === 'dead') {
        await deps.park(record, understood.reason, understood.detail);
        if (connection !== undefined) hints.push({ connection, offset, outcome: 'dead', reason: understood.reason });
      }
    }
    await commit(deps, { partition: last.partition, upTo: last.offset, inbox, hints, sightings });
  };

interface Resolution {
  readonly partition: number;
  readonly upTo: number;
  readonly inbox: readonly InboxHint[];
  readonly hints: readonly ResolvedHint[];
  readonly sightings: readonly { readonly offset: number; readonly sighting: Sighting }[];
}

const commit = async (deps: ResolveDeps, { partition, upTo, inbox, hints, sightings }: Resolution): Promise<void> => {
  const { tenant, records, stream } = deps;
  const stored = await records.findAll(
    tenant,
    sightings.map(({ sighting }) => sighting.record),
  );
  const keys = new Set(sightings.map(({ sighting }) => recordKeyOf(sighting.record)));
  await publishItems(
    [...keys].flatMap((key) => stored.get(key) ?? []),
    { tenant, records, stream },
  );
  const folded = foldSightings(
    tenant,
    stored,
    sightings.map(({ sighting }) => sighting),
  );
  const sighted = sightings.map(({ offset, sighting }, index) => ({
    connection: sighting.record.connection,
    offset,
    ...(folded.outcomes[index] ?? { outcome: 'resolved' as const }),
  }));
  const lost = await records.commitResolved(tenant, {
    partition,
    upTo,
    records: folded.items,
    inbox,
    hints: [...hints, ...sighted],
  });
  if (lost.length > 0) throw new PipelineError('STORE_UNAVAILABLE', 'another writer was first', { retryable: true });
  await publishItems(folded.items, { tenant, records, stream }, folded.owed);
};

const understand = (record: Received, deps: ResolveDeps): { readonly hint?: Hint; readonly understood: Understood } => {
  const decoded = decodeCloudEvent(record.value, Hint);
  if (!decoded.ok) return { understood: { step: 'dead', reason: 'unreadable-hint', detail: decoded.reason } };
  const hint = decoded.event.data;
  return { hint, understood: understandHint(hint, deps) };
};

const understandHint = (hint: Hint, { connections, sha256 }: ResolveDeps): Understood => {
  const source = connections.get(hint.connection);
  if (source === undefined)
    return {
      step: 'dead',
      reason: 'unknown-connection',
      detail: `there is no connection ${hint.connection} in regrade.yaml`,
    };
  if (isEcho(hint, source.ownFields)) return { step: 'rejected', reason: 'own-write' };
  if (!source.mapper.maps(hint.object)) return { step: 'rejected', reason: 'unmapped-object' };
  if (hint.payload === undefined && source.reader !== undefined) return { step: 'read-back' };
  return understandFat(hint, source, sha256);
};

const understandFat = (hint: Hint, { mapper }: ConnectionSource, sha256: (text: string) => string): Understood => {
  const seen = { record: refOf(hint), read: hint.receivedAt, delivery: sha256(hint.delivery).slice(0, 12) };
  if (hint.payload === undefined && hint.operation === 'upsert') return { step: 'rejected', reason: 'no-credentials' };
  if (hint.operation === 'delete') {
    const at = hint.payload === undefined ? undefined : mapper.versionOf(hint.object, hint.payload);
    return { step: 'sighting', sighting: { ...seen, kind: 'gone', ...(at === undefined ? {} : { source: at }) } };
  }
  return sightingOf(mapper.observe(hint.object, hint.id, hint.payload ?? {}), seen, sha256);
};

/** What a mapped record means, from a delivery or a read-back alike. */
export const sightingOf = (
  observed: Observed,
  seen: Pick<Sighting, 'record' | 'read' | 'delivery'>,
  sha256: (text: string) => string,
): Understood => {
  switch (observed.outcome) {
    case 'rejected':
      return { step: 'rejected', reason: observed.reason };
    case 'unreadable':
      return { step: 'dead', reason: observed.reason, detail: observed.detail };
    case 'unowned': {
      const gone = { ...seen, kind: 'gone' as const, because: observed.reason };
      return {
        step: 'sighting',
        sighting: observed.source === undefined ? gone : { ...gone, source: observed.source },
      };
    }
    case 'observed': {
      const { customer, attributes, facts, source } = observed;
      const hash = sha256(JSON.stringify([customer, attributes, facts])).slice(0, 24);
      const says = { ...seen, kind: 'says' as const, customer, attributes, facts, hash };
      return { step: 'sighting', sighting: source === undefined ? says : { ...says, source } };
    }
  }
};

const isEcho = ({ changedFields }: Hint, ownFields: ReadonlySet<string>): boolean =>
  changedFields !== undefined && changedFields.length > 0 && changedFields.every((field) => ownFields.has(field));

const refOf = ({ connection, object, id }: Hint): RecordRef => ({ connection, object, id });

/**
 * Keys on `regrade.webhooks` begin with the connection: enough to account for a record that cannot be read. Undefined for
 * a key that is not ours: nobody counted such a record as received.
 */
const connectionOfKey = (key: string): ConnectionId | undefined =>
  ConnectionId.safeParse(key.slice(0, Math.max(0, key.indexOf('/')))).data;
