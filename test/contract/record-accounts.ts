import { expect, it } from 'vitest';
import { recordKeyOf } from '#shared/domain/record.ts';
import type { ResolveCommit } from '#shared/ports/record-store.ts';
import { acme, firstInstant, other } from './customer-states.ts';
import {
  accountOf,
  appendedAt,
  erp,
  hintOf,
  itemOf,
  nothing,
  type RecordStoreGround,
  type RecordStoreTraits,
  refOf,
  resolved,
  thin,
  total,
  upTo,
  zoho,
} from './record-samples.ts';

/** What every RecordStore promises about counting hints, and about hints that come again. */
export const recordAccountsContract = (ground: () => Promise<RecordStoreGround>, { log }: RecordStoreTraits): void => {
  it('tell of every hint that was taken what became of it, by connection', async () => {
    const { store, receive, another } = await ground();
    const ids = ['a', 'b', 'c', 'd', 'e', 'e', 'e'];
    await receive([...ids.map((id) => hintOf(refOf(id))), hintOf(refOf('x', erp))]);
    const batch: ResolveCommit = {
      partition: 0,
      records: [itemOf('a')],
      hints: [
        resolved(0),
        resolved(1, 'deduplicated'),
        { ...resolved(2, 'rejected'), reason: 'own-write' },
        { ...resolved(3, 'dead'), reason: 'unreadable' },
      ],
      inbox: [thin('e', 4), thin('e', 5), thin('e', 6), thin('x', 7, firstInstant, erp)],
      ...upTo(7),
    };
    await store.commitResolved(acme, batch);
    expect(await accountOf(store)).toMatchObject({ received: 7, waiting: 3, coalesced: 0 });
    const answered = [{ record: refOf('e'), sequence: 3, outcome: 'rejected' as const, reason: 'filtered' }];
    await store.commitReadBack(acme, { records: [], answered });
    const account = {
      connection: zoho,
      received: 7,
      resolved: 1,
      coalesced: 2,
      deduplicated: 1,
      rejected: { 'own-write': 1, filtered: 1 },
      dead: { unreadable: 1 },
      waiting: 0,
    };
    expect(await accountOf(store)).toEqual(account);
    expect(total(await accountOf(store))).toBe(7);
    expect(await accountOf(await another())).toEqual(account);
    expect(await accountOf(store, erp)).toMatchObject({ received: 1, waiting: 1 });
    expect(await store.readAccounts(other)).toEqual([]);
  });

  it.runIf(log === 'own')('tell what waits on the stream', async () => {
    const { store, receive } = await ground();
    await receive([hintOf(refOf('a')), hintOf(refOf('b')), hintOf(refOf('x', erp))]);
    expect(await accountOf(store)).toMatchObject({ received: 2, waiting: 2, resolved: 0 });
    await store.commitResolved(acme, { ...nothing, hints: [resolved(0)], ...upTo(0) });
    expect(await accountOf(store)).toMatchObject({ received: 2, waiting: 1, resolved: 1 });
    expect(await accountOf(store, erp)).toMatchObject({ received: 1, waiting: 1 });
  });

  it('count an offset once, however often it is delivered', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'b', 'c', 'd'].map((id) => hintOf(refOf(id))));
    const first: ResolveCommit = {
      ...nothing,
      hints: [resolved(0)],
      inbox: [thin('b', 1)],
      ...upTo(1),
    };
    await store.commitResolved(acme, first);
    await store.commitResolved(acme, first);
    const longer: ResolveCommit = {
      ...first,
      records: [itemOf('c')],
      hints: [...first.hints, resolved(2)],
      inbox: [...first.inbox, thin('b', 3)],
      ...upTo(3),
    };
    await store.commitResolved(acme, longer);
    expect(await accountOf(store)).toMatchObject({ received: 4, resolved: 2, waiting: 2 });
    expect((await store.findWaiting(acme, zoho, 1_000, 10))[0]).toMatchObject({ hints: 2, sequence: 2 });
    expect((await store.findAll(acme, [refOf('c')])).size).toBe(1);
  });

  it('count nothing of an answer that came too late', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'a'].map((id) => hintOf(refOf(id))));
    await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 0), thin('a', 1)], ...upTo(1) });
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
      hints: [resolved(0)],
      ...upTo(0),
    });
    await store.commitResolved(acme, {
      ...nothing,
      partition: 1,
      hints: [resolved(0, 'deduplicated')],
      ...upTo(0),
    });
    expect(await accountOf(store)).toMatchObject({ resolved: 1, deduplicated: 1 });
  });

  it('count a batch that comes again with other bounds once', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'b', 'c', 'd', 'd'].map((id) => hintOf(refOf(id))));
    await store.commitResolved(acme, { ...nothing, hints: [resolved(0), resolved(1)], ...upTo(1) });
    await store.commitResolved(acme, { ...nothing, hints: [resolved(2)], inbox: [thin('d', 3)], ...upTo(3) });
    await store.commitResolved(acme, {
      ...nothing,
      hints: [resolved(1, 'deduplicated'), resolved(2, 'deduplicated')],
      inbox: [thin('d', 3), thin('d', 4)],
      ...upTo(4),
    });
    expect(await accountOf(store)).toMatchObject({ received: 5, resolved: 3, deduplicated: 0, waiting: 2 });
    expect((await store.findWaiting(acme, zoho, 1_000, 10))[0]).toMatchObject({ hints: 2, sequence: 2 });
  });

  it('count an older batch that comes after a newer one once, and do no harm to its records', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'b', 'a', 'b'].map((id) => hintOf(refOf(id))));
    const older: ResolveCommit = {
      ...nothing,
      records: [itemOf('a')],
      hints: [resolved(0)],
      inbox: [thin('b', 1)],
      ...upTo(1),
    };
    await store.commitResolved(acme, older);
    const newer = itemOf('a', { itemVersion: 2, hash: 'newer' });
    await store.commitResolved(acme, {
      ...nothing,
      records: [newer],
      hints: [resolved(2)],
      inbox: [thin('b', 3)],
      ...upTo(3),
    });
    expect(await store.commitResolved(acme, older)).toEqual([recordKeyOf(refOf('a'))]);
    expect((await store.findAll(acme, [refOf('a')])).get(recordKeyOf(refOf('a')))).toEqual(newer);
    expect(await accountOf(store)).toMatchObject({ received: 4, resolved: 2, waiting: 2 });
    expect((await store.findWaiting(acme, zoho, 1_000, 10))[0]).toMatchObject({ hints: 2, sequence: 2 });
  });

  it('leave an answered item alone when its hint comes again', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'a', 'a'].map((id) => hintOf(refOf(id))));
    const batch: ResolveCommit = { ...nothing, inbox: [thin('a', 0), thin('a', 1)], ...upTo(1) };
    await store.commitResolved(acme, batch);
    const answer = { record: refOf('a'), sequence: 2, outcome: 'resolved' as const };
    await store.commitReadBack(acme, { records: [itemOf('a')], answered: [answer] });
    await store.commitResolved(acme, batch);
    expect(await store.findWaiting(acme, zoho, 1_000, 10)).toEqual([]);
    expect(await accountOf(store)).toMatchObject({ resolved: 1, coalesced: 1 });
    await store.commitResolved(acme, { ...batch, inbox: [...batch.inbox, thin('a', 2)], ...upTo(2) });
    expect(await store.findWaiting(acme, zoho, 1_000, 10)).toMatchObject([
      { record: refOf('a'), hints: 1, firstHintAt: firstInstant + 2, retryAt: 1_000, attempts: 0 },
    ]);
    expect(total(await accountOf(store))).toBe(3);
  });

  it('take hints of a record from a partition that was added', async () => {
    const { store, receive } = await ground();
    await receive(['a', 'a', 'a'].map((id) => hintOf(refOf(id))));
    await store.commitResolved(acme, { ...nothing, inbox: [thin('a', 1), thin('a', 2)], ...upTo(2) });
    const added: ResolveCommit = { ...nothing, partition: 1, inbox: [thin('a', 0)], ...upTo(0) };
    await store.commitResolved(acme, added);
    await store.commitResolved(acme, added);
    expect(await store.findWaiting(acme, zoho, 1_000, 10)).toMatchObject([{ hints: 3, sequence: 3 }]);
  });

  it.runIf(log === 'foreign')('count the hints of a log that was created anew, each once', async () => {
    const { store, another } = await ground();
    const old: ResolveCommit = { ...nothing, hints: [resolved(7)], inbox: [thin('b', 8)], ...upTo(8) };
    await store.commitResolved(acme, old);
    const later = { appendedAt: appendedAt(60_000) };
    const anew: ResolveCommit = {
      ...nothing,
      hints: [{ ...resolved(0), ...later }],
      inbox: [{ ...thin('b', 1), ...later }],
      ...{ upTo: 1, upToAt: later.appendedAt },
    };
    for (const each of [store, await another(), store]) await each.commitResolved(acme, anew);
    expect(await accountOf(store)).toMatchObject({ received: 4, resolved: 2, waiting: 2 });
    const latest = { appendedAt: appendedAt(60_001) };
    const next: ResolveCommit = {
      ...nothing,
      hints: [{ ...resolved(2), ...latest }],
      inbox: [{ ...thin('b', 3), ...latest }],
      ...{ upTo: 3, upToAt: latest.appendedAt },
    };
    for (const each of [store, await another()]) await each.commitResolved(acme, next);
    expect(await accountOf(store)).toMatchObject({ received: 6, resolved: 3, waiting: 3 });
  });
};
