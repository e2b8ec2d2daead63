import type { ConnectionId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { RecordContent } from '../domain/mapping-outcome.ts';
import { PipelineError } from '../domain/pipeline-error.ts';
import { recordKeyOf } from '../domain/record.ts';
import type { Sighting } from '../domain/record-item.ts';
import type { CrmReader } from '../ports/crm.ts';
import type { Log } from '../ports/log.ts';
import type { InboxItem, ReadBackCommit } from '../ports/record-store.ts';
import { foldSightings, publishItems } from './record-items.ts';
import type { ResolveDeps } from './resolve-records.ts';
import { trailOfResolved } from './trail-of-resolved.ts';
import { type ConnectionSource, sightingOf, type Understood } from './understand-hint.ts';

export interface ReadBackDeps extends Omit<ResolveDeps, 'park'> {
  readonly log: Log;
  /** Puts a record that was read and cannot be understood on the dead-letter topic. */
  readonly parkRecord: (key: string, content: RecordContent, reason: string, detail: string) => Promise<void>;
  /** 0 to 1. Spreads retries. */
  readonly random: () => number;
}

/** `waitMs`: when the next call is worth while; undefined when nothing waits. */
export interface ReadBackResult {
  readonly read: number;
  readonly waitMs: number | undefined;
}

/** A CRM that refuses us needs a person: asking again more often only fills its logs. */
const refusedPauseMs = 5 * 60_000;
const firstPauseMs = 1_000;
const longestPauseMs = 5 * 60_000;
/** What one call could not get may not be what the next one asks for: the others of the connection wait no longer. */
const longestTurnMs = 30_000;
const refusedTurnMs = 1_000;

/**
 * Reads one call's worth of a connection's inbox back, at the pace its CRM allows. One caller per connection at a time.
 * What the CRM refuses or delays stays in the inbox, for later; it never becomes a dead letter.
 */
export const readBack = (deps: ReadBackDeps) => {
  const readInstant = growingInstant(deps);
  return async (connection: ConnectionId): Promise<ReadBackResult> => {
    const source = deps.connections.get(connection);
    if (source?.reader === undefined) return { read: 0, waitMs: undefined };
    const items = await deps.records.findWaiting(
      deps.tenant,
      connection,
      deps.clock.wallNow(),
      source.reader.batchSize,
    );
    const call = firstCall(items);
    if (call.length === 0) return { read: 0, waitMs: undefined };
    const waitMs = source.reader.waitMs();
    if (waitMs > 0) return { read: 0, waitMs };
    try {
      // the read begins here: a change that happens while the answer travels is newer than it
      await readCall(call, readInstant(connection), { ...source, reader: source.reader }, deps);
      return { read: call.length, waitMs: 0 };
    } catch (error) {
      if (!(error instanceof PipelineError) || !error.code.startsWith('CRM_')) throw error;
      return { read: 0, waitMs: await postpone(call, error, deps) };
    }
  };
};

/** Business time, a millisecond later than the last read of that connection at least: of two reads the later one counts. */
const growingInstant = ({ clock }: ReadBackDeps): ((connection: ConnectionId) => Instant) => {
  const last = new Map<ConnectionId, Instant>();
  return (connection) => {
    const instant = Math.max(clock.businessNow(), (last.get(connection) ?? Number.NEGATIVE_INFINITY) + 1);
    last.set(connection, instant);
    return instant;
  };
};

/** The oldest hint's object, and whatever else of that object waits. */
const firstCall = (items: readonly InboxItem[]): readonly InboxItem[] =>
  items.filter(({ record }) => record.object === items[0]?.record.object);

const postpone = async (call: readonly InboxItem[], error: PipelineError, deps: ReadBackDeps): Promise<number> => {
  const attempts = Math.max(0, ...call.map((item) => item.attempts));
  const backoff = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts, 16)) * (0.5 + deps.random() / 2);
  const pauseMs = Math.round(error.retryable ? (error.retryAfterMs ?? backoff) : refusedPauseMs);
  await deps.records.postpone(
    deps.tenant,
    call.map(({ record }) => record),
    deps.clock.wallNow() + pauseMs,
  );
  const { connection, object } = call[0]?.record ?? { connection: '', object: '' };
  deps.log[error.retryable ? 'warn' : 'error'](
    { connection, object, records: call.length, code: error.code, pauseMs, detail: error.message },
    'the CRM did not answer; its records wait',
  );
  if (!error.retryable) return refusedTurnMs;
  return error.retryAfterMs === undefined ? Math.min(pauseMs, longestTurnMs) : pauseMs;
};

const readCall = async (
  call: readonly InboxItem[],
  read: Instant,
  source: ConnectionSource & { readonly reader: CrmReader },
  deps: ReadBackDeps,
): Promise<void> => {
  const { tenant, records, stream } = deps;
  const contents = await source.reader.readAll(
    call[0]?.record.object ?? '',
    call.map(({ record }) => record.id),
  );
  const understood = call.map((item) => understandRead(item, contents.get(item.record.id), read, source, deps));
  await parkUnreadable(call, contents, understood, deps);

  const sightings = understood.flatMap((each) => (each.step === 'sighting' ? [each.sighting] : []));
  const stored = await records.findAll(
    tenant,
    call.map(({ record }) => record),
  );
  await publishItems([...stored.values()], { tenant, records, stream });
  const folded = foldSightings(tenant, stored, sightings);
  const outcomes = new Map(sightings.map(({ record }, index) => [recordKeyOf(record), folded.outcomes[index]]));
  const answered: ReadBackCommit['answered'] = call.map(({ record, sequence }, index) => {
    const each = understood[index];
    if (each?.step === 'rejected' || each?.step === 'dead')
      return { record, sequence, outcome: each.step, reason: each.reason };
    return { record, sequence, ...(outcomes.get(recordKeyOf(record)) ?? { outcome: 'resolved' as const }) };
  });
  const lost = new Set(await records.commitReadBack(tenant, { records: folded.items, answered }));
  const committed = folded.items.filter(({ record }) => !lost.has(recordKeyOf(record)));
  await publishItems(committed, { tenant, records, stream });
  // the hints that asked for it were told to wait under the record's key
  for (const { record, outcome } of answered)
    if (outcome === 'rejected' || outcome === 'dead')
      deps.trail?.('resolve-records', [recordKeyOf(record)], [], outcome);
  const from = sightings.map(({ record }) => recordKeyOf(record));
  if (deps.trail !== undefined) trailOfResolved('resolve-records', { from, sightings, folded, lost }, deps.trail);
};

const understandRead = (
  { record }: InboxItem,
  content: RecordContent | undefined,
  read: number,
  { mapper }: ConnectionSource,
  { sha256 }: ReadBackDeps,
): Understood => {
  const seen: Pick<Sighting, 'record' | 'read' | 'delivery'> = { record, read, delivery: `read-back@${read}` };
  if (content === undefined) return { step: 'sighting', sighting: { ...seen, kind: 'gone' } };
  return sightingOf(mapper.observe(record.object, record.id, content), seen, sha256);
};

const parkUnreadable = async (
  call: readonly InboxItem[],
  contents: ReadonlyMap<string, RecordContent>,
  understood: readonly Understood[],
  deps: ReadBackDeps,
): Promise<void> => {
  for (const [index, each] of understood.entries()) {
    const item = call[index];
    if (each.step !== 'dead' || item === undefined) continue;
    await deps.parkRecord(recordKeyOf(item.record), contents.get(item.record.id) ?? {}, each.reason, each.detail);
  }
};
