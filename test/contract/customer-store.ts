import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '#shared/definitions/limits.ts';
import { CohortId } from '#shared/domain/cohort.ts';
import { handedKey } from '#shared/domain/handed-records.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import type { CommitOutcome, CustomerCommit, CustomerStore } from '#shared/ports/customer-store.ts';
import { acme, customerOf, entryOf, firstInstant, hexOf, other, recordsOf, stateOf } from './customer-states.ts';

/** One store, empty at first. */
export interface CustomerStoreGround {
  readonly store: CustomerStore;
  /** A further client of the same store, as another process or a restart would open it. */
  readonly another: () => Promise<CustomerStore>;
  readonly close: () => Promise<void>;
}

const committed: CommitOutcome = { outcome: 'committed' };
/** Whether the store tells what stands there is up to the store. */
const lost = expect.objectContaining({ outcome: 'lost' }) as CommitOutcome;
const a = customerOf('a');
const b = customerOf('b');
const c = customerOf('c');
const pendingOf = (value: string) => [{ key: 'k', value, at: firstInstant }];
const bare = (next: CustomerCommit['next']): CustomerCommit => ({ next, entries: [] });

/** What every CustomerStore promises. Each engine's test file runs this same list. */
export const customerStoreContract = (engine: string, open: () => Promise<CustomerStoreGround>): void => {
  const ground = async (): Promise<CustomerStoreGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };
  const opened = async (): Promise<CustomerStore> => (await ground()).store;

  describe(`CustomerStore on ${engine}`, () => {
    it('finds nothing of a customer never stored', async () => {
      const store = await opened();
      expect(await store.findAll(acme, [a])).toEqual(new Map());
      expect(await store.findAll(acme, [])).toEqual(new Map());
      expect(await store.readLedger(acme, a)).toEqual([]);
    });

    it('gives a state back as it was committed', async () => {
      const store = await opened();
      const state = stateOf(a, { due: firstInstant + 1, pending: pendingOf('{"text":"变更"}') });
      expect(await store.commitAll([bare(state)])).toEqual([committed]);
      expect(await store.findAll(acme, [a, b])).toEqual(new Map([[a, state]]));
    });

    it('finds many customers at once, and one that is asked for twice', async () => {
      const store = await opened();
      const many = Array.from({ length: 230 }, (_, i) => customerOf(`many-${i}`));
      expect(await store.commitAll(many.map((customer) => bare(stateOf(customer))))).toEqual(many.map(() => committed));
      expect((await store.findAll(acme, [...many, many[0]!])).size).toBe(230);
    });

    it('keeps tenants apart', async () => {
      const store = await opened();
      await store.commitAll([bare(stateOf(a, { pending: pendingOf('p'), due: 5 }))]);
      expect(await store.findAll(other, [a])).toEqual(new Map());
      expect(await store.commitAll([bare(stateOf(a, { tenant: other }))])).toEqual([committed]);
      expect(await store.findUnpublished(other, firstInstant + 1, 10)).toEqual([]);
      expect(await store.claimDue(other, firstInstant, 10)).toEqual([]);
    });

    it('keeps whose part a customer is, who is part of it, and whose records are whose', async () => {
      const { store, another } = await ground();
      const record = [...stateOf(b).records.values()][0]!;
      const state = stateOf(a, {
        records: new Map([...stateOf(a).records, [handedKey('ab12cd34ef', b), { ...record, from: b }]]),
        merges: {
          seal: { into: c, as: 'converted', by: 'ann', why: '线索已转化', handedUpTo: 'k' },
          sent: 3,
          told: { k: { customer: c, as: 'converted' } },
          members: { [b]: { seq: 2, phase: 'here' } },
        },
        pending: [{ topic: 'events', key: c, value: '{}', at: firstInstant }],
      });
      expect(await store.commitAll([bare(state)])).toEqual([committed]);
      expect(await (await another()).findAll(acme, [a])).toEqual(new Map([[a, state]]));
    });

    it('shows a commit to a new instance, pending list included', async () => {
      const { store, another } = await ground();
      const state = stateOf(a, { pending: pendingOf('owed'), ledger: { seq: 1, hash: hexOf('1') } });
      await store.commitAll([{ next: state, entries: [entryOf(a, 1, '', hexOf('1'))] }]);
      const restarted = await another();
      expect(await restarted.findAll(acme, [a])).toEqual(new Map([[a, state]]));
      expect(await restarted.findUnpublished(acme, firstInstant + 1, 10)).toEqual([a]);
      expect(await restarted.readLedger(acme, a)).toHaveLength(1);
    });

    it('lets the first of two writers win that read the same version, and writes nothing of the second', async () => {
      const store = await opened();
      const won = stateOf(a, { ledger: { seq: 1, hash: hexOf('won') } });
      const second = stateOf(a, {
        decidedAt: 9,
        due: 1,
        pending: pendingOf('lost'),
        ledger: { seq: 1, hash: hexOf('lost') },
      });
      await store.commitAll([{ next: won, entries: [entryOf(a, 1, '', hexOf('won'))] }]);
      expect(await store.commitAll([{ next: second, entries: [entryOf(a, 1, '', hexOf('lost'))] }])).toEqual([lost]);
      expect((await store.findAll(acme, [a])).get(a)).toEqual(won);
      expect(await store.findUnpublished(acme, firstInstant * 2, 10)).toEqual([]);
      expect(await store.claimDue(acme, firstInstant, 10)).toEqual([]);
      expect((await store.readLedger(acme, a)).map(({ hash }) => hash)).toEqual([hexOf('won')]);
    });

    it('tells who lost, if anything, what stands there', async () => {
      const store = await opened();
      const won = stateOf(a, { due: 7, pending: pendingOf('won') });
      await store.commitAll([bare(won)]);
      const [outcome] = await store.commitAll([bare(stateOf(a, { decidedAt: 9 }))]);
      expect([{ outcome: 'lost' }, { outcome: 'lost', stored: won }]).toContainEqual(outcome);
    });

    it('refuses a version that does not follow the stored one', async () => {
      const store = await opened();
      expect(await store.commitAll([bare(stateOf(a, { version: 2 }))])).toEqual([lost]);
      await store.commitAll([bare(stateOf(a))]);
      expect(await store.commitAll([bare(stateOf(a, { version: 3 }))])).toEqual([lost]);
      expect(await store.commitAll([bare(stateOf(a, { version: 2 }))])).toEqual([committed]);
    });

    it('decides each customer of a batch by itself', async () => {
      const store = await opened();
      await store.commitAll([bare(stateOf(b))]);
      const outcomes = await store.commitAll([bare(stateOf(a)), bare(stateOf(b, { decidedAt: 1 })), bare(stateOf(c))]);
      expect(outcomes).toEqual([committed, lost, committed]);
      expect((await store.findAll(acme, [a, b, c])).size).toBe(3);
    });

    it('lets exactly one of many simultaneous writers win', async () => {
      const store = await opened();
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.commitAll([bare(stateOf(a, { decidedAt: firstInstant + i }))])),
      );
      expect(outcomes.flat().filter(({ outcome }) => outcome === 'committed')).toHaveLength(1);
    });

    it('reads the ledger oldest first, as the head reaches it', async () => {
      const store = await opened();
      const links = chainOf(a, 12);
      await store.commitAll([
        { next: stateOf(a, { ledger: { seq: 11, hash: links[10]!.hash } }), entries: links.slice(0, 11) },
      ]);
      await store.commitAll([
        { next: stateOf(a, { version: 2, ledger: { seq: 12, hash: links[11]!.hash } }), entries: links.slice(11) },
      ]);
      expect(await store.readLedger(acme, a)).toEqual(links);
      expect(await store.readLedger(acme, b)).toEqual([]);
    });

    it('does not show entries that a lost race left, also when the winner writes the same sequence later', async () => {
      const store = await opened();
      await store.commitAll([bare(stateOf(a))]);
      const orphan = entryOf(a, 1, '', hexOf('orphan'));
      const stale = stateOf(a, { ledger: { seq: 1, hash: orphan.hash } });
      expect(await store.commitAll([{ next: stale, entries: [orphan] }])).toEqual([lost]);
      expect(await store.readLedger(acme, a)).toEqual([]);
      const entry = entryOf(a, 1, '', hexOf('reached'));
      await store.commitAll([
        { next: stateOf(a, { version: 2, ledger: { seq: 1, hash: entry.hash } }), entries: [entry] },
      ]);
      expect(await store.readLedger(acme, a)).toEqual([entry]);
    });

    it('does not mix the ledgers of customers whose ids begin alike', async () => {
      const store = await opened();
      const longer = customerOf('a1');
      for (const customer of [a, longer]) {
        const links = chainOf(customer, 2);
        await store.commitAll([
          { next: stateOf(customer, { ledger: { seq: 2, hash: links[1]!.hash } }), entries: links },
        ]);
      }
      expect(await store.readLedger(acme, a)).toEqual(chainOf(a, 2));
    });

    it('gives back whose models decided a customer, and where it stands by those that are coming', async () => {
      const { store, another } = await ground();
      const coming = {
        epoch: 3,
        ranks: { value: { cohort: CohortId.parse('value:3f2a9c01d4e7.3:北方'), key: 'bfff|1' } },
      };
      const first = stateOf(a, { epoch: 2, coming });
      await store.commitAll([bare(first)]);
      expect((await (await another()).findAll(acme, [a])).get(a)).toEqual(first);
      const { coming: _, ...moved } = { ...first, version: 2, epoch: 3 };
      await store.commitAll([bare(moved)]);
      expect((await store.findAll(acme, [a])).get(a)).toEqual(moved);
    });

    it('gives back a customer of many records, and what was added, replaced and retracted since', async () => {
      const { store, another } = await ground();
      const first = stateOf(a, { records: recordsOf(900) });
      expect(await store.commitAll([bare(first)])).toEqual([committed]);
      const loaded = (await store.findAll(acme, [a])).get(a)!;
      expect(loaded).toEqual(first);
      const grown = new Map(loaded.records);
      for (const [key, record] of recordsOf(40, 890)) grown.set(key, { ...record, attributes: { again: true } });
      const gone = [...grown.keys()][3]!;
      grown.set(gone, { ...grown.get(gone)!, retracted: true, facts: [] });
      const second = stateOf(a, { version: 2, records: grown });
      expect(await store.commitAll([bare(second)])).toEqual([committed]);
      expect(await store.findAll(acme, [a])).toEqual(new Map([[a, second]]));
      expect(await (await another()).findAll(acme, [a])).toEqual(new Map([[a, second]]));
    });

    it('shows what another instance wrote of a customer of many records', async () => {
      const { store, another } = await ground();
      const second = await another();
      await store.commitAll([bare(stateOf(a, { records: recordsOf(500) }))]);
      for (let version = 2; version < 8; version += 1) {
        const writer = version % 2 === 0 ? second : store;
        const known = (await writer.findAll(acme, [a])).get(a)!;
        const records = new Map([...known.records, ...recordsOf(3, 500 + version * 3)]);
        expect(await writer.commitAll([bare({ ...known, version, records })])).toEqual([committed]);
        expect((await (version % 2 === 0 ? store : second).findAll(acme, [a])).get(a)?.records).toEqual(records);
      }
    });

    describe('listing', () => {
      const listAll = async (store: CustomerStore, limit: number) => {
        const pages: (readonly CustomerId[])[] = [];
        let after: string | undefined;
        do {
          const page = await store.listCustomers(acme, after, limit);
          pages.push(page.customers);
          after = page.next;
        } while (after !== undefined);
        return pages;
      };

      it('names each customer of the tenant once, a page at a time', async () => {
        const store = await opened();
        const many = Array.from({ length: 23 }, (_, i) => customerOf(`listed-${i}`)).sort();
        const entries = [entryOf(a, 1, '', hexOf('1'))];
        await store.commitAll([
          ...many.map((customer) => bare(stateOf(customer, { due: 1, pending: pendingOf('p') }))),
          { next: stateOf(a, { records: recordsOf(400), ledger: { seq: 1, hash: hexOf('1') } }), entries },
          bare(stateOf(b, { tenant: other })),
        ]);
        for (const limit of [1, 5, 24, 1_000]) {
          const pages = await listAll(store, limit);
          expect(pages.every((page) => page.length <= limit)).toBe(true);
          expect(pages.flat().sort()).toEqual([...many, a].sort());
        }
      });

      it('finds nobody where nothing is stored', async () => {
        expect((await listAll(await opened(), 10)).flat()).toEqual([]);
      });
    });

    describe('pending lists', () => {
      it('are emptied at the version that was published', async () => {
        const store = await opened();
        const state = stateOf(a, { pending: pendingOf('p') });
        await store.commitAll([bare(state)]);
        await store.markPublished(acme, [{ customer: a, version: 1 }]);
        expect((await store.findAll(acme, [a])).get(a)).toEqual({ ...state, pending: [] });
        expect(await store.findUnpublished(acme, firstInstant + 1, 10)).toEqual([]);
        expect(await store.commitAll([bare(stateOf(a, { version: 2 }))])).toEqual([committed]);
      });

      it('keep where each message goes, for whoever publishes them after a crash', async () => {
        const { store, another } = await ground();
        const [change] = pendingOf('a change');
        const pending = [{ ...change!, topic: 'cohorts' as const, key: 'a cohort' }, change!];
        await store.commitAll([bare(stateOf(a, { pending }))]);
        for (const each of [store, await another()])
          expect((await each.findAll(acme, [a])).get(a)?.pending).toStrictEqual(pending);
      });

      it('stay where the state has moved on, or was never stored', async () => {
        const store = await opened();
        const state = stateOf(a, { version: 2, pending: pendingOf('second') });
        await store.commitAll([bare(stateOf(a, { pending: pendingOf('first') }))]);
        await store.commitAll([bare(state)]);
        await store.markPublished(acme, [
          { customer: a, version: 1 },
          { customer: b, version: 1 },
        ]);
        expect((await store.findAll(acme, [a, b])).get(a)).toEqual(state);
        expect(await store.findUnpublished(acme, firstInstant + 1, 10)).toEqual([a]);
        expect(await store.findAll(acme, [b])).toEqual(new Map());
      });

      it('are found when they are older than asked, oldest first, up to the limit', async () => {
        const store = await opened();
        const at = (customer: CustomerId, decidedAt: number) =>
          bare(stateOf(customer, { decidedAt, pending: [{ key: 'k', value: 'v', at: decidedAt }] }));
        await store.commitAll([at(a, 3_000), at(b, 1_000), at(c, 2_000), bare(stateOf(customerOf('none')))]);
        expect(await store.findUnpublished(acme, 3_000, 10)).toEqual([b, c]);
        expect(await store.findUnpublished(acme, 3_001, 10)).toEqual([b, c, a]);
        expect(await store.findUnpublished(acme, 3_001, 2)).toEqual([b, c]);
      });

      it('are no longer found when the next commit has none', async () => {
        const store = await opened();
        await store.commitAll([bare(stateOf(a, { pending: pendingOf('p') }))]);
        await store.commitAll([bare(stateOf(a, { version: 2 }))]);
        expect(await store.findUnpublished(acme, firstInstant + 1, 10)).toEqual([]);
      });
    });

    describe('due customers', () => {
      const dueAt = (customer: CustomerId, due: number, version = 1) => bare(stateOf(customer, { version, due }));

      it('come when they are due, earliest first, up to the limit', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 3_000), dueAt(b, 1_000), dueAt(c, 2_000), bare(stateOf(customerOf('never')))]);
        expect(await store.claimDue(acme, 999, 10)).toEqual([]);
        expect(await store.claimDue(acme, 2_000, 1)).toEqual([{ customer: b, due: 1_000 }]);
        expect(await store.claimDue(acme, 2_000, 10)).toEqual([{ customer: c, due: 2_000 }]);
        expect(await store.claimDue(acme, 3_000, 10)).toEqual([{ customer: a, due: 3_000 }]);
      });

      it('stay with their claimer for five minutes, for every instance', async () => {
        const { store, another } = await ground();
        await store.commitAll([dueAt(a, 1_000)]);
        const claimed = [{ customer: a, due: 1_000 }];
        expect(await store.claimDue(acme, 2_000, 10)).toEqual(claimed);
        const restarted = await another();
        expect(await restarted.claimDue(acme, 2_000 + limits.dueClaimMs - 1, 10)).toEqual([]);
        expect(await restarted.claimDue(acme, 2_000 + limits.dueClaimMs, 10)).toEqual(claimed);
        expect(await store.claimDue(acme, 2_001 + limits.dueClaimMs, 10)).toEqual([]);
      });

      it('go to one of many simultaneous claimers', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000), dueAt(b, 1_001)]);
        const claims = await Promise.all(Array.from({ length: 6 }, () => store.claimDue(acme, 2_000, 10)));
        expect(
          claims
            .flat()
            .map(({ customer }) => customer)
            .sort(),
        ).toEqual([a, b]);
      });

      it('move with the state', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000), dueAt(b, 9_000), dueAt(c, 1_000)]);
        await store.commitAll([dueAt(a, 5_000, 2), dueAt(b, 2_000, 2), bare(stateOf(c, { version: 2 }))]);
        expect(await store.claimDue(acme, 4_999, 10)).toEqual([{ customer: b, due: 2_000 }]);
        expect(await store.claimDue(acme, 5_000, 10)).toEqual([{ customer: a, due: 5_000 }]);
      });

      it('can be claimed at once at their next instant, however short ago the last one was', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000)]);
        await store.claimDue(acme, 1_000, 10);
        await store.commitAll([dueAt(a, 1_500, 2)]);
        expect(await store.claimDue(acme, 1_500, 10)).toEqual([{ customer: a, due: 1_500 }]);
      });

      it('stay with their claimer when their state is written and their instant stays', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000)]);
        await store.claimDue(acme, 1_000, 10);
        await store.findAll(acme, [a]);
        await store.commitAll([dueAt(a, 1_000, 2)]);
        expect(await store.claimDue(acme, 1_000 + limits.dueClaimMs - 1, 10)).toEqual([]);
        expect(await store.claimDue(acme, 1_000 + limits.dueClaimMs, 10)).toEqual([{ customer: a, due: 1_000 }]);
      });

      it('come at their instant and once, however often it was put off', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000), dueAt(b, 1_000)]);
        for (let version = 2; version < 6; version += 1) {
          await store.findAll(acme, [a, b]);
          await store.commitAll([dueAt(a, version * 1_000, version), dueAt(b, version * 1_000 + 1, version)]);
          expect(await store.claimDue(acme, version * 1_000 - 1, 1)).toEqual([]);
        }
        expect(await store.claimDue(acme, 5_000, 1)).toEqual([{ customer: a, due: 5_000 }]);
        expect(await store.claimDue(acme, 5_001, 10)).toEqual([{ customer: b, due: 5_001 }]);
      });

      it('come although many others stand before them that were put off', async () => {
        const store = await opened();
        const many = Array.from({ length: 12 }, (_, i) => customerOf(`late-${i}`));
        await store.commitAll([...many.map((customer, i) => dueAt(customer, 1_000 + i)), dueAt(a, 1_500)]);
        await store.findAll(acme, many);
        await store.commitAll(many.map((customer, i) => dueAt(customer, 9_000 + i, 2)));
        expect(await store.claimDue(acme, 2_000, 3)).toEqual([{ customer: a, due: 1_500 }]);
      });

      it('are nobody’s any more once nothing is due', async () => {
        const store = await opened();
        await store.commitAll([dueAt(a, 1_000)]);
        await store.findAll(acme, [a]);
        await store.commitAll([bare(stateOf(a, { version: 2 }))]);
        expect(await store.claimDue(acme, firstInstant, 10)).toEqual([]);
      });

      it('lose neither their claim nor their state when the other is written', async () => {
        const store = await opened();
        const state = stateOf(a, { due: 1_000, pending: pendingOf('p') });
        await store.commitAll([bare(state)]);
        await store.claimDue(acme, 1_000, 10);
        expect((await store.findAll(acme, [a])).get(a)).toEqual(state);
        await store.markPublished(acme, [{ customer: a, version: 1 }]);
        expect(await store.claimDue(acme, 1_001, 10)).toEqual([]);
        expect(await store.commitAll([bare(stateOf(a, { version: 2 }))])).toEqual([committed]);
      });
    });
  });
};

const chainOf = (customer: CustomerId, length: number) => {
  const links = [];
  for (let seq = 1, previous = ''; seq <= length; seq += 1) {
    const entry = entryOf(customer, seq, previous, hexOf(`${customer} ${seq}`));
    links.push(entry);
    previous = entry.hash;
  }
  return links;
};
