import { decodeCloudEvent } from '../domain/cloud-event.ts';
import { toldBy } from '../domain/fact.ts';
import { Hint } from '../domain/hint.ts';
import type { ConnectionId } from '../domain/ids.ts';
import type { Mapper, Observed } from '../domain/mapping-outcome.ts';
import type { RecordRef } from '../domain/record.ts';
import type { Sighting } from '../domain/record-item.ts';
import type { CrmReader } from '../ports/crm.ts';

/** What resolving needs to know of one connection. */
export interface ConnectionSource {
  readonly mapper: Mapper;
  /** Absent where the connection has no credentials: thin hints cannot be read back then. */
  readonly reader?: CrmReader;
  /** The fields that our own write-back fills. A hint about nothing else is an echo. */
  readonly ownFields: ReadonlySet<string>;
}

export interface Understanding {
  readonly connections: ReadonlyMap<ConnectionId, ConnectionSource>;
  readonly sha256: (text: string) => string;
}

/** What a hint, or a record that was read back, means. */
export type Understood =
  | { readonly step: 'sighting'; readonly sighting: Sighting }
  | { readonly step: 'read-back' }
  | { readonly step: 'rejected'; readonly reason: string }
  | { readonly step: 'dead'; readonly reason: string; readonly detail: string };

/** What the value of a record on `regrade.webhooks` means. Pure. */
export const understand = (
  value: string,
  deps: Understanding,
): { readonly id?: string; readonly hint?: Hint; readonly understood: Understood } => {
  const decoded = decodeCloudEvent(value, Hint);
  if (!decoded.ok) return { understood: { step: 'dead', reason: 'unreadable-hint', detail: decoded.reason } };
  const { id, data: hint } = decoded.event;
  return { id, hint, understood: understandHint(hint, deps) };
};

const understandHint = (hint: Hint, { connections, sha256 }: Understanding): Understood => {
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
      const { customer, attributes, facts, source, becomes } = observed;
      // nothing of merges where there are none: what was known before has to be known again
      const merged = becomes === undefined ? [] : [becomes];
      const hash = sha256(JSON.stringify([customer, attributes, facts.map(toldBy), ...merged])).slice(0, 24);
      const content = { customer, attributes, facts, hash, ...(becomes === undefined ? {} : { becomes }) };
      const says = { ...seen, kind: 'says' as const, ...content };
      return { step: 'sighting', sighting: source === undefined ? says : { ...says, source } };
    }
  }
};

const isEcho = ({ changedFields }: Hint, ownFields: ReadonlySet<string>): boolean =>
  changedFields !== undefined && changedFields.length > 0 && changedFields.every((field) => ownFields.has(field));

export const refOf = ({ connection, object, id }: Hint): RecordRef => ({ connection, object, id });
