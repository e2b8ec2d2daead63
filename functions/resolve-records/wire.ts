import { topics } from '../../shared/definitions/topics.ts';
import { encodeDeadLetter } from '../../shared/domain/dead-letter.ts';
import type { ConnectionId, TenantId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Log } from '../../shared/ports/log.ts';
import type { Metrics } from '../../shared/ports/metrics.ts';
import type { RecordStore } from '../../shared/ports/record-store.ts';
import type { Stream } from '../../shared/ports/stream.ts';
import type { Trail } from '../../shared/ports/trail.ts';
import { hashing } from '../../shared/runtime/hashing.ts';
import { parkOn } from '../../shared/usecases/park.ts';
import { readBack } from '../../shared/usecases/read-back.ts';
import { publishItems } from '../../shared/usecases/record-items.ts';
import { resolveRecords } from '../../shared/usecases/resolve-records.ts';
import type { ConnectionSource } from '../../shared/usecases/understand-hint.ts';

export interface ResolveRecordsParts {
  readonly tenant: TenantId;
  readonly connections: ReadonlyMap<ConnectionId, ConnectionSource>;
  readonly records: RecordStore;
  readonly stream: Stream;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Nobody follows where it is absent. */
  readonly trail?: Trail;
}

const stage = 'resolve-records';

export const wireResolveRecords = (parts: ResolveRecordsParts) => {
  const { tenant, records, stream, clock, log, metrics } = parts;
  const shared = { ...parts, sha256: hashing.sha256 };
  return {
    process: resolveRecords({ ...shared, park: parkOn({ stream, stage, log, metrics }) }),
    readBack: readBack({
      ...shared,
      random: Math.random,
      parkRecord: async (key, content, reason, detail) => {
        const at = clock.businessNow();
        const origin = { topic: 'inbox', partition: 0, offset: at, key, at };
        const letter = { ...origin, reason, detail, stage, payload: JSON.stringify(content) };
        await stream.append(topics.dead, [{ key, value: encodeDeadLetter(letter), at }]);
        metrics.count(stage, 'dead', 1);
        log.warn({ stage, reason }, 'parked a record that cannot be understood');
      },
    }),
    publishOwed: async (refs: Awaited<ReturnType<RecordStore['findUnpublished']>>): Promise<void> => {
      const items = await records.findAll(tenant, refs);
      await publishItems([...items.values()], { tenant, records, stream });
    },
  };
};
