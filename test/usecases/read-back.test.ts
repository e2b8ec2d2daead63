import { describe, expect, it } from 'vitest';
import { memoryRecordStore } from '#shared/adapters/memory/record-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { decodeCloudEvent } from '#shared/domain/cloud-event.ts';
import { CustomerEvent } from '#shared/domain/event.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import type { RecordContent } from '#shared/domain/mapping-outcome.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { type ReadBackDeps, readBack } from '#shared/usecases/read-back.ts';
import { type CrmMood, fakeCrm } from '../kit/fake-crm.ts';
import { handClock } from '../kit/hand-clock.ts';
import { handStream } from '../kit/hand-stream.ts';
import { crm, plantStart, shop, sourcesOf, tenant } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';

const bench = (changes: Partial<ReadBackDeps> = {}) => {
  const clock = handClock(plantStart);
  const stream = handStream(clock.businessNow);
  const records = memoryRecordStore();
  const reader = fakeCrm();
  const log = quietLog();
  const parked: string[] = [];
  const deps: ReadBackDeps = {
    tenant,
    connections: sourcesOf(reader),
    records,
    stream,
    sha256: hashing.sha256,
    clock,
    log,
    metrics: noMetrics,
    random: () => 0.5,
    parkRecord: async (key, _, reason) => void parked.push(`${key} ${reason}`),
    ...changes,
  };
  let offset = 0;
  return {
    clock,
    records,
    reader,
    log,
    parked,
    read: () => readBack(deps)(crm),
    readOf: (connection: ConnectionId) => readBack(deps)(connection),
    hint: async (object: string, id: string, at = clock.businessNow()) => {
      records.receive(tenant, [crm]);
      const retryAt = clock.wallNow();
      const hint = { record: { connection: crm, object, id }, offset, appendedAt: at, at, retryAt };
      const place = { partition: 0, upTo: offset, upToAt: at };
      await records.commitResolved(tenant, { ...place, records: [], hints: [], inbox: [hint] });
      offset += 1;
    },
    events: () =>
      stream.read(topics.events).map(({ value }) => {
        const decoded = decodeCloudEvent(value, CustomerEvent);
        return decoded.ok ? decoded.event.data : expect.fail(decoded.reason);
      }),
    waiting: () => records.findWaiting(tenant, crm, Number.MAX_SAFE_INTEGER, 100),
    account: async () => (await records.readAccounts(tenant))[0],
  };
};

const name = (id: string, changedAt = plantStart): RecordContent => ({ id, name: `Customer ${id}`, changedAt });

describe('reading back', () => {
  it('asks for one call’s worth of the oldest hint’s object', async () => {
    const { hint, read, reader, waiting } = bench();
    for (const [object, id] of [
      ['customer', '1'],
      ['invoice', '9'],
      ['customer', '2'],
      ['customer', '3'],
    ] as const)
      await hint(object, id, plantStart + Number(id));
    expect(await read()).toEqual({ read: 3, waitMs: 0 });
    expect(reader.calls).toEqual([{ object: 'customer', ids: ['1', '2', '3'] }]);
    expect((await waiting()).map(({ record }) => record.id)).toEqual(['9']);
  });

  it('publishes what the CRM says now, read at the instant the call began', async () => {
    const { hint, read, reader, clock, events } = bench();
    reader.records.set('customer/1', name('1'));
    await hint('customer', '1');
    clock.pass(7);
    reader.meanwhile = async () => clock.pass(1_000);
    await read();
    expect(events()).toMatchObject([
      { kind: 'record.asserted', customer: 'account:crm:1', version: { source: plantStart, read: plantStart + 7 } },
    ]);
  });

  it('takes what the CRM no longer finds as gone', async () => {
    const { hint, read, reader, clock, events } = bench();
    reader.records.set('customer/1', name('1'));
    await hint('customer', '1');
    await read();
    reader.records.clear();
    clock.pass(1);
    await hint('customer', '1');
    await read();
    expect(events().map(({ kind }) => kind)).toEqual(['record.asserted', 'record.retracted']);
  });

  it('counts one hint as resolved and what waited with it as coalesced', async () => {
    const { hint, read, reader, account } = bench();
    reader.records.set('customer/1', name('1'));
    for (const _ of [1, 2, 3]) await hint('customer', '1');
    await read();
    expect(await account()).toMatchObject({ received: 3, resolved: 1, coalesced: 2, waiting: 0 });
  });

  it('keeps a record whose next hint came while the answer travelled, and reads it again', async () => {
    const { hint, read, reader, waiting, account, clock } = bench();
    reader.records.set('customer/1', name('1'));
    await hint('customer', '1');
    reader.meanwhile = async () => {
      clock.pass(1);
      reader.meanwhile = async () => undefined;
      await hint('customer', '1');
    };
    await read();
    expect(await waiting()).toMatchObject([{ hints: 2, sequence: 2 }]);
    expect(await account()).toMatchObject({ received: 2, waiting: 2 });
    await read();
    expect(await account()).toMatchObject({ received: 2, deduplicated: 1, coalesced: 1, waiting: 0 });
  });

  it('rejects what is nobody’s, and parks what cannot be understood', async () => {
    const { hint, read, reader, parked, account, waiting } = bench();
    reader.records.set('customer/1', { ...name('1'), changedAt: 'never' });
    reader.records.set('customer/2', { id: '', changedAt: plantStart });
    for (const id of ['1', '2']) await hint('customer', id);
    await read();
    expect(parked).toEqual(['crm/customer/1 bad-version']);
    expect(await account()).toMatchObject({ dead: { 'bad-version': 1 }, rejected: { 'no-customer': 1 }, waiting: 0 });
    expect(await waiting()).toEqual([]);
  });

  it('waits for the connection’s budget without asking', async () => {
    const { hint, read, reader } = bench();
    await hint('customer', '1');
    reader.budgetMs = 250;
    expect(await read()).toEqual({ read: 0, waitMs: 250 });
    expect(reader.calls).toEqual([]);
  });

  it('has nothing to do with an empty inbox, and with a connection that cannot be read', async () => {
    const { read, readOf } = bench();
    expect(await read()).toEqual({ read: 0, waitMs: undefined });
    expect(await readOf(shop)).toEqual({ read: 0, waitMs: undefined });
    expect(await readOf(ConnectionId.parse('nobody'))).toEqual({ read: 0, waitMs: undefined });
  });

  it('lets a fault of ours be seen: it is no outage of the CRM', async () => {
    const { hint, read, reader, waiting } = bench();
    await hint('customer', '1');
    reader.meanwhile = () => Promise.reject(new TypeError('ours'));
    await expect(read()).rejects.toThrow('ours');
    expect(await waiting()).toMatchObject([{ attempts: 0 }]);
  });
});

describe('a CRM that does not answer', () => {
  const after = async (mood: CrmMood, attempts = 1) => {
    const at = bench();
    await at.hint('customer', '1');
    at.reader.mood = mood;
    let waitMs: number | undefined;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      at.clock.passWall(3_600_000);
      ({ waitMs } = await at.read());
    }
    const [item] = await at.waiting();
    return { ...at, waitMs, item, pauseMs: (item?.retryAt ?? 0) - at.clock.wallNow() };
  };

  it('is asked again when it said so', async () => {
    expect(await after('throttles')).toMatchObject({ waitMs: 60_000, pauseMs: 60_000, item: { attempts: 1 } });
  });

  it.each([
    [1, 750],
    [2, 1_500],
    [5, 12_000],
  ])('is asked again after a growing pause: attempt %i, %i ms', async (attempts, pauseMs) => {
    expect(await after('fails', attempts)).toMatchObject({ waitMs: pauseMs, pauseMs, item: { attempts } });
  });

  it('keeps its record waiting five minutes at most, and the others of the connection half a minute', async () => {
    expect(await after('fails', 40)).toMatchObject({ waitMs: 30_000, pauseMs: 225_000 });
  });

  it('that refuses one object does not keep the others waiting', async () => {
    const { pauseMs, waitMs, reader, hint, read, clock, account, log } = await after('refuses');
    expect([pauseMs, waitMs]).toEqual([300_000, 1_000]);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { code: 'CRM_REFUSED', object: 'customer' } }]);
    reader.mood = 'answers';
    await hint('invoice', '5');
    clock.passWall(1_000);
    await read();
    expect(reader.calls).toEqual([{ object: 'invoice', ids: ['5'] }]);
    expect(await account()).toMatchObject({ dead: {}, waiting: 1 });
  });

  it('never makes a dead letter, however long it lasts', async () => {
    for (const mood of ['throttles', 'fails', 'refuses'] as const) {
      const { parked, account } = await after(mood, 60);
      expect(parked).toEqual([]);
      expect(await account()).toMatchObject({ received: 1, waiting: 1, dead: {}, rejected: {} });
    }
  });
});
