import { describe, expect, it, onTestFinished } from 'vitest';
import type { Hint } from '#shared/domain/hint.ts';
import { ConnectionId, type TenantId } from '#shared/domain/ids.ts';
import { type RecordRef, recordKeyOf } from '#shared/domain/record.ts';
import { type RecordItem, unknownRecord } from '#shared/domain/record-item.ts';
import type { ConnectionAccount, RecordStore, ResolveCommit } from '#shared/ports/record-store.ts';
import { acme, customerOf, firstInstant, other } from './customer-states.ts';

/** One store, empty at first. */
export interface RecordStoreGround {
  readonly store: RecordStore;
  /** Takes hints in and counts them as received, as the engine's intake does. The nth has offset n − 1 on partition 0. */
  readonly receive: (hints: readonly Hint[]) => Promise<void>;
  /** A further client of the same store, as another process or a restart would open it. */
  readonly another: () => Promise<RecordStore>;
  readonly close: () => Promise<void>;
}

const zoho = ConnectionId.parse('zoho-eu');
const erp = ConnectionId.parse('erp');
const refOf = (id: string, connection = zoho): RecordRef => ({ connection, object: 'Accounts', id });
const hintOf = ({ connection, object, id }: RecordRef): Hint => ({
  tenant: acme,
  connection,
  object,
  id,
  operation: 'upsert',
  delivery: `delivery of ${id}`,
  receivedAt: firstInstant,
});
const itemOf = (id: string, changes: Partial<RecordItem> = {}): RecordItem => ({
  ...unknownRecord(acme, refOf(id)),
  itemVersion: 1,
  customer: customerOf(id),
  version: { assignment: 1, source: firstInstant - 1_000, read: firstInstant },
  hash: 'abc123',
  recentDeliveries: ['d1', 'd2'],
  ...changes,
});
const owing = (at: number) => [{ key: 'k', value: '{"a":1}', at }];
const nothing: ResolveCommit = { partition: 0, records: [], inbox: [], hints: [], upTo: -1 };
const thin = (id: string, offset: number, at = firstInstant + offset, connection = zoho) => ({
  record: refOf(id, connection),
  offset,
  at,
  retryAt: 1_000,
});

const accountOf = async (
  store: RecordStore,
  connection = zoho,
  tenant: TenantId = acme,
): Promise<ConnectionAccount> => {
  const account = (await store.readAccounts(tenant)).find((each) => each.connection === connection);
  return account ?? expect.fail(`no account of ${connection}`);
};

const total = (account: ConnectionAccount): number =>
  [account.resolved, account.coalesced, account.deduplicated, account.waiting]
    .concat(Object.values(account.rejected), Object.values(account.dead))
    .reduce((sum, hints) => sum + hints, 0);

/** What every RecordStore promises. Each engine's test file runs this same list. */
export const recordStoreContract = (engine: string, open: () => Promise<RecordStoreGround>): void => {
  const ground = async (): Promise<RecordStoreGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`RecordStore on ${engine}`, () => {
    it('finds nothing of a record never stored', async () => {
      const { store } = await ground();
      expect(await store.findAll(acme, [refOf('a')])).toEqual(new Map());
      expect(await store.readAccounts(acme)).toEqual([]);
    });

    it('gives items back as they were committed, also to a new instance', async () => {
      const { store, another } = await ground();
      const item = itemOf('a', { pending: owing(firstInstant) });
      const gone = itemOf('b', { customer: null, deleted: true, hash: '', recentDeliveries: [] });
      expect(await store.commitResolved(acme, { ...nothing, records: [item, gone], upTo: 1 })).toEqual([]);
      const expected = new Map([item, gone].map((each) => [recordKeyOf(each.record), each]));
      expect(await store.findAll(acme, [refOf('a'), refOf('b'), refOf('c')])).toEqual(expected);
      expect(await (await another()).findAll(acme, [refOf('a'), refOf('b')])).toEqual(expected);
      expect(await store.findAll(other, [refOf('a')])).toEqual(new Map());
    });

    it('names the records that another writer changed first, and writes nothing of those', async () => {
      const { store } = await ground();
      await store.commitResolved(acme, { ...nothing, records: [itemOf('a', { hash: 'won' })], upTo: 0 });
      const late = [itemOf('a', { hash: 'late', pending: owing(1) }), itemOf('b')];
      expect(await store.commitResolved(acme, { ...nothing, records: late, upTo: 1 })).toEqual([
        recordKeyOf(refOf('a')),
      ]);
      const stored = await store.findAll(acme, [refOf('a'), refOf('b')]);
      expect(stored.get(recordKeyOf(refOf('a')))?.hash).toBe('won');
      expect(stored.has(recordKeyOf(refOf('b')))).toBe(true);
      expect(await store.findUnpublished(acme, firstInstant, 10)).toEqual([]);
      const skipping = itemOf('a', { itemVersion: 3 });
      expect(await store.commitReadBack(acme, { records: [skipping], answered: [] })).toEqual([
        recordKeyOf(refOf('a')),
      ]);
      expect(await store.commitReadBack(acme, { records: [itemOf('a', { itemVersion: 2 })], answered: [] })).toEqual(
        [],
      );
    });

    it('keeps what an item owes until it is published at that version', async () => {
      const { store } = await ground();
      const records = [
        itemOf('a', { pending: owing(3_000) }),
        itemOf('b', { pending: owing(1_000) }),
        itemOf('c', { pending: owing(2_000) }),
      ];
      await store.commitResolved(acme, { ...nothing, records, upTo: 2 });
      expect(await store.findUnpublished(acme, 3_000, 10)).toEqual([refOf('b'), refOf('c')]);
      expect(await store.findUnpublished(acme, 3_001, 1)).toEqual([refOf('b')]);
      await store.markPublished(acme, [
        { record: refOf('b'), itemVersion: 1 },
        { record: refOf('c'), itemVersion: 2 },
        { record: refOf('z'), itemVersion: 1 },
      ]);
      expect(await store.findUnpublished(acme, 9_000, 10)).toEqual([refOf('c'), refOf('a')]);
      expect((await store.findAll(acme, [refOf('b')])).get(recordKeyOf(refOf('b')))).toEqual(itemOf('b'));
      expect(await store.commitReadBack(acme, { records: [itemOf('b', { itemVersion: 2 })], answered: [] })).toEqual(
        [],
      );
    });

    describe('inbox', () => {
      it('holds one item per record; further hints refresh it', async () => {
        const { store } = await ground();
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('b', 1)], upTo: 1 });
        await store.commitResolved(acme, {
          ...nothing,
          inbox: [thin('a', 2), thin('a', 3, firstInstant - 7)],
          upTo: 3,
        });
        const waiting = await store.findWaiting(acme, zoho, 1_000, 10);
        expect(waiting).toEqual([
          {
            tenant: acme,
            record: refOf('a'),
            sequence: 3,
            hints: 3,
            firstHintAt: firstInstant,
            lastHintAt: firstInstant + 2,
            retryAt: 1_000,
            attempts: 0,
          },
          {
            tenant: acme,
            record: refOf('b'),
            sequence: 1,
            hints: 1,
            firstHintAt: firstInstant + 1,
            lastHintAt: firstInstant + 1,
            retryAt: 1_000,
            attempts: 0,
          },
        ]);
      });

      it('shows what may be read now of one connection, oldest hint first, up to the limit', async () => {
        const { store } = await ground();
        const inbox = [
          thin('late', 0, 900),
          thin('early', 1, 100),
          thin('middle', 2, 500),
          { ...thin('off', 3, 1), retryAt: 5_000 },
          thin('x', 4, 1, erp),
        ];
        await store.commitResolved(acme, { ...nothing, inbox, upTo: 4 });
        const ids = async (now: number, limit: number) =>
          (await store.findWaiting(acme, zoho, now, limit)).map(({ record }) => record.id);
        expect(await ids(999, 10)).toEqual([]);
        expect(await ids(1_000, 10)).toEqual(['early', 'middle', 'late']);
        expect(await ids(1_000, 2)).toEqual(['early', 'middle']);
        expect(await ids(5_000, 10)).toEqual(['off', 'early', 'middle', 'late']);
        expect(await store.findWaiting(other, zoho, 5_000, 10)).toEqual([]);
      });

      it('puts items off, counts the attempts, and a further hint does not bring them forward', async () => {
        const { store, another } = await ground();
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('b', 1)], upTo: 1 });
        await store.postpone(acme, [refOf('a'), refOf('unknown')], 60_000);
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 2)], upTo: 2 });
        const ids = async (now: number) =>
          (await store.findWaiting(acme, zoho, now, 10)).map(({ record }) => record.id);
        expect(await ids(59_999)).toEqual(['b']);
        expect(await ids(60_000)).toEqual(['a', 'b']);
        const again = await (await another()).findWaiting(acme, zoho, 60_000, 1);
        expect(again[0]).toMatchObject({ attempts: 1, hints: 2, sequence: 2, retryAt: 60_000 });
      });

      it('removes an item at the sequence its read-back began with', async () => {
        const { store } = await ground();
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0)], upTo: 0 });
        await store.commitReadBack(acme, {
          records: [itemOf('a')],
          answered: [{ record: refOf('a'), sequence: 1, outcome: 'resolved' }],
        });
        expect(await store.findWaiting(acme, zoho, 1_000, 10)).toEqual([]);
        expect((await store.findAll(acme, [refOf('a')])).size).toBe(1);
      });

      it('keeps an item that was refreshed meanwhile, and one whose record another writer changed first', async () => {
        const { store } = await ground();
        await store.commitResolved(acme, {
          ...nothing,
          records: [itemOf('b')],
          inbox: [thin('a', 0), thin('b', 1)],
          upTo: 1,
        });
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 2)], upTo: 2 });
        const answered = ['a', 'b'].map((id) => ({ record: refOf(id), sequence: 1, outcome: 'resolved' as const }));
        expect(await store.commitReadBack(acme, { records: [itemOf('a'), itemOf('b')], answered })).toEqual([
          recordKeyOf(refOf('b')),
        ]);
        expect((await store.findWaiting(acme, zoho, 1_000, 10)).map(({ record }) => record.id)).toEqual(['a', 'b']);
      });
    });

    describe('accounts', () => {
      it('tell of every received hint what became of it, by connection', async () => {
        const { store, receive, another } = await ground();
        const ids = ['a', 'b', 'c', 'd', 'e', 'e', 'e', 'waits'];
        await receive([...ids.map((id) => hintOf(refOf(id))), hintOf(refOf('x', erp))]);
        expect(await accountOf(store)).toMatchObject({ received: 8, waiting: 8, resolved: 0 });
        await store.commitResolved(acme, {
          partition: 0,
          records: [itemOf('a')],
          hints: [
            { connection: zoho, offset: 0, outcome: 'resolved' },
            { connection: zoho, offset: 1, outcome: 'deduplicated' },
            { connection: zoho, offset: 2, outcome: 'rejected', reason: 'own-write' },
            { connection: zoho, offset: 3, outcome: 'dead', reason: 'unreadable' },
          ],
          inbox: [thin('e', 4), thin('e', 5), thin('e', 6)],
          upTo: 6,
        });
        expect(await accountOf(store)).toMatchObject({ received: 8, waiting: 4, coalesced: 0 });
        const answered = [{ record: refOf('e'), sequence: 3, outcome: 'rejected' as const, reason: 'filtered' }];
        await store.commitReadBack(acme, { records: [], answered });
        const account = {
          connection: zoho,
          received: 8,
          resolved: 1,
          coalesced: 2,
          deduplicated: 1,
          rejected: { 'own-write': 1, filtered: 1 },
          dead: { unreadable: 1 },
          waiting: 1,
        };
        expect(await accountOf(store)).toEqual(account);
        expect(total(await accountOf(store))).toBe(8);
        expect(await accountOf(await another())).toEqual(account);
        expect(await accountOf(store, erp)).toMatchObject({ received: 1, waiting: 1 });
        expect(await store.readAccounts(other)).toEqual([]);
      });

      it('count an offset once, however often it is delivered', async () => {
        const { store, receive } = await ground();
        await receive(['a', 'b', 'c', 'd'].map((id) => hintOf(refOf(id))));
        const first: ResolveCommit = {
          ...nothing,
          hints: [{ connection: zoho, offset: 0, outcome: 'resolved' }],
          inbox: [thin('b', 1)],
          upTo: 1,
        };
        await store.commitResolved(acme, first);
        await store.commitResolved(acme, first);
        const longer: ResolveCommit = {
          ...first,
          records: [itemOf('c')],
          hints: [...first.hints, { connection: zoho, offset: 2, outcome: 'resolved' }],
          inbox: [...first.inbox, thin('b', 3)],
          upTo: 3,
        };
        await store.commitResolved(acme, longer);
        expect(await accountOf(store)).toMatchObject({ received: 4, resolved: 2, waiting: 2 });
        expect((await store.findWaiting(acme, zoho, 1_000, 10))[0]).toMatchObject({ hints: 2, sequence: 2 });
        expect((await store.findAll(acme, [refOf('c')])).size).toBe(1);
      });

      it('count nothing of an answer that came too late', async () => {
        const { store, receive } = await ground();
        await receive(['a', 'a'].map((id) => hintOf(refOf(id))));
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('a', 1)], upTo: 1 });
        const answer = (sequence: number) => ({
          records: [],
          answered: [{ record: refOf('a'), sequence, outcome: 'resolved' as const }],
        });
        await store.commitReadBack(acme, answer(1));
        expect(total(await accountOf(store))).toBe(2);
        await store.commitReadBack(acme, answer(2));
        await store.commitReadBack(acme, answer(2));
        expect(await accountOf(store)).toMatchObject({ waiting: 0 });
        expect(total(await accountOf(store))).toBe(2);
      });

      it('count a partition on its own', async () => {
        const { store, receive } = await ground();
        await receive(['a'].map((id) => hintOf(refOf(id))));
        await store.commitResolved(acme, {
          ...nothing,
          hints: [{ connection: zoho, offset: 0, outcome: 'resolved' }],
          upTo: 0,
        });
        await store.commitResolved(acme, {
          ...nothing,
          partition: 1,
          hints: [{ connection: zoho, offset: 0, outcome: 'deduplicated' }],
          upTo: 0,
        });
        expect(await accountOf(store)).toMatchObject({ resolved: 1, deduplicated: 1 });
      });
    });
  });
};
