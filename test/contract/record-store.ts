import { describe, expect, it, onTestFinished } from 'vitest';
import { recordKeyOf } from '#shared/domain/record.ts';
import { acme, firstInstant, other } from './customer-states.ts';
import { recordAccountsContract } from './record-accounts.ts';
import {
  erp,
  itemOf,
  nothing,
  owing,
  type RecordStoreGround,
  type RecordStoreTraits,
  refOf,
  thin,
  upTo,
  zoho,
} from './record-samples.ts';

/** What every RecordStore promises. Each engine's test file runs this same list. */
export const recordStoreContract = (
  engine: string,
  open: () => Promise<RecordStoreGround>,
  traits: RecordStoreTraits,
): void => {
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
      expect(await store.commitResolved(acme, { ...nothing, records: [item, gone], ...upTo(1) })).toEqual([]);
      const expected = new Map([item, gone].map((each) => [recordKeyOf(each.record), each]));
      expect(await store.findAll(acme, [refOf('a'), refOf('b'), refOf('c')])).toEqual(expected);
      expect(await (await another()).findAll(acme, [refOf('a'), refOf('b')])).toEqual(expected);
      expect(await store.findAll(other, [refOf('a')])).toEqual(new Map());
    });

    it('names the records that another writer changed first, and writes nothing of those', async () => {
      const { store } = await ground();
      await store.commitResolved(acme, { ...nothing, records: [itemOf('a', { hash: 'won' })], ...upTo(0) });
      const late = [itemOf('a', { hash: 'late', pending: owing(1) }), itemOf('b')];
      expect(await store.commitResolved(acme, { ...nothing, records: late, ...upTo(1) })).toEqual([
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
      await store.commitResolved(acme, { ...nothing, records, ...upTo(2) });
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
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('b', 1)], ...upTo(1) });
        await store.commitResolved(acme, {
          ...nothing,
          inbox: [thin('a', 2), thin('a', 3, firstInstant - 7)],
          ...upTo(3),
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
        await store.commitResolved(acme, { ...nothing, inbox, ...upTo(4) });
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
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('b', 1)], ...upTo(1) });
        await store.postpone(acme, [refOf('a'), refOf('unknown')], 60_000);
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 2)], ...upTo(2) });
        const ids = async (now: number) =>
          (await store.findWaiting(acme, zoho, now, 10)).map(({ record }) => record.id);
        expect(await ids(59_999)).toEqual(['b']);
        expect(await ids(60_000)).toEqual(['a', 'b']);
        const again = await (await another()).findWaiting(acme, zoho, 60_000, 1);
        expect(again[0]).toMatchObject({ attempts: 1, hints: 2, sequence: 2, retryAt: 60_000 });
      });

      it('removes an item at the sequence its read-back began with', async () => {
        const { store } = await ground();
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0)], ...upTo(0) });
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
          records: [itemOf('b', { hash: 'won' })],
          inbox: [thin('a', 0), thin('b', 1)],
          ...upTo(1),
        });
        await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 2)], ...upTo(2) });
        const answered = ['a', 'b'].map((id) => ({ record: refOf(id), sequence: 1, outcome: 'resolved' as const }));
        expect(await store.commitReadBack(acme, { records: [itemOf('a'), itemOf('b')], answered })).toEqual([
          recordKeyOf(refOf('b')),
        ]);
        expect((await store.findWaiting(acme, zoho, 1_000, 10)).map(({ record }) => record.id)).toEqual(['a', 'b']);
      });
    });

    describe('accounts', () => {
      recordAccountsContract(ground, traits);
    });
  });
};
