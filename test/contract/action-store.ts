import { describe, expect, it } from 'vitest';
import type { ActionState } from '../../shared/domain/action.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { digestsOf } from '../../shared/domain/delivery-digest.ts';
import type { CustomerId } from '../../shared/domain/ids.ts';
import { decideOnChange } from '../../shared/domain/settle.ts';
import type { ActionStore } from '../../shared/ports/action-store.ts';
import {
  acme,
  alertOf,
  alertTo,
  blank,
  change,
  day,
  deliveryOf,
  gradeOf,
  noon,
  other,
  policyOf,
  sha256,
} from './action-samples.ts';

const minute = 60_000;
const stateAt = (version: number, customer: CustomerId = acme, more: Partial<ActionState> = {}): ActionState => ({
  ...blank,
  customer,
  version,
  ...more,
});
const settled = policyOf([{ id: 'any', do: [alertTo('mail')], settle: { window: 'P1D' } }]);
const waitingState = (): ActionState => ({
  ...decideOnChange(blank, change(1, 'B', 'A', { by: 'timer' }), noon, settled).state,
  version: 1,
});
const pace = { sends: 2, windowMs: minute };
const statuses = (deliveries: readonly Delivery[]) => deliveries.map(({ status }) => status);

/** What every ActionStore promises. Each engine's test file runs this same list. */
export const actionStoreContract = (engine: string, open: () => ActionStore): void => {
  describe(`ActionStore on ${engine}`, () => {
    /** Stores deliveries of customers that were never stored before. */
    const put = async (store: ActionStore, deliveries: readonly Delivery[], wallNow = noon) => {
      const customers = [...new Set(deliveries.map(({ customer }) => customer))];
      const states = await store.findStates(customers);
      const commits = customers.map((customer) => ({
        next: stateAt((states.get(customer)?.version ?? 0) + 1, customer),
        deliveries: deliveries.filter((each) => each.customer === customer),
      }));
      expect(await store.commitAll(commits, wallNow)).toEqual(commits.map(() => ({ outcome: 'committed' })));
    };
    const claim = (store: ActionStore, wallNow = noon, more: object = {}) =>
      store.claimSending({ channel: 'team', wallNow, limit: 10, ...more });
    const find = async (store: ActionStore, id: string) => (await store.findDeliveries([id]))[0];

    it('returns a state as it was written, and nothing for a customer never stored', async () => {
      const store = open();
      await store.commitAll([{ next: waitingState(), deliveries: [] }], noon);
      expect(await store.findStates([acme, other])).toEqual(new Map([[acme, waitingState()]]));
    });

    it('returns a delivery as it was written', async () => {
      const store = open();
      const kinds = [deliveryOf('a', { lastError: 'x' }), gradeOf('b', 'A')];
      await put(store, kinds);
      expect(await store.findDeliveries(kinds.map(({ id }) => id))).toEqual(kinds);
      expect(await store.findDeliveries([`act_${'0'.repeat(32)}`])).toEqual([]);
    });

    it('refuses the second of two writers that read the same version, with all it brought', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      const late = { next: stateAt(1), deliveries: [deliveryOf('b')] };
      const fresh = { next: stateAt(1, other), deliveries: [deliveryOf('c', { customer: other })] };
      expect(await store.commitAll([late, fresh], noon)).toEqual([{ outcome: 'lost' }, { outcome: 'committed' }]);
      expect(await store.commitAll([{ next: stateAt(3), deliveries: [] }], noon)).toEqual([{ outcome: 'lost' }]);
      expect(await find(store, deliveryOf('b').id)).toBeUndefined();
      expect(await find(store, deliveryOf('c').id)).toBeDefined();
    });

    it('keeps a delivery it knows as it is', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      await claim(store);
      await put(store, [deliveryOf('a')]);
      expect(await find(store, deliveryOf('a').id)).toMatchObject({ status: 'sending' });
      expect(await store.listDeliveries(acme, 10)).toHaveLength(1);
    });

    it('supersedes older writes of the same grade that did not go out', async () => {
      const store = open();
      const held = gradeOf('held', 'B', { status: 'held' });
      const elsewhere = gradeOf('rule', 'B', { rule: 'care/other' });
      await put(store, [held, gradeOf('old', 'B'), elsewhere, deliveryOf('alert')]);
      await put(store, [gradeOf('new', 'A')]);
      expect(
        statuses(
          await store.findDeliveries([
            held.id,
            gradeOf('old', 'B').id,
            elsewhere.id,
            deliveryOf('alert').id,
            gradeOf('new', 'A').id,
          ]),
        ),
      ).toEqual(['superseded', 'superseded', 'pending', 'pending', 'pending']);
    });

    it('supersedes a write of a grade that fails after a newer one came', async () => {
      const store = open();
      await put(store, [gradeOf('old', 'B')]);
      const [old] = await claim(store, noon, { channel: 'grades' });
      await put(store, [gradeOf('new', 'A')]);
      expect(await claim(store, noon, { channel: 'grades' })).toEqual([]);
      await store.settle([{ ...old!, status: 'retry', dueAt: noon + minute }]);
      expect(await find(store, gradeOf('old', 'B').id)).toMatchObject({ status: 'superseded' });
      expect((await claim(store, noon, { channel: 'grades' })).map(({ id }) => id)).toEqual([gradeOf('new', 'A').id]);
    });

    it('stores an attempt before it is made', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      const [claimed] = await claim(store, noon + 5);
      expect(claimed).toMatchObject({ status: 'sending', attempts: 1, firstSentAt: noon + 5, sentAt: noon + 5 });
      expect(await find(store, deliveryOf('a').id)).toEqual(claimed);
      expect(await claim(store, noon + 5)).toEqual([]);
    });

    it('keeps one in flight per customer and channel, in the order they were decided', async () => {
      const store = open();
      await put(store, [deliveryOf('a'), deliveryOf('b'), deliveryOf('mail', { channel: 'mail' })]);
      await put(store, [deliveryOf('c', { customer: other })]);
      const first = await claim(store);
      expect(first.map(({ id }) => id)).toEqual([deliveryOf('a').id, deliveryOf('c').id]);
      expect(await claim(store)).toEqual([]);
      await store.settle([{ ...first[0]!, status: 'retry', dueAt: noon + minute }]);
      expect(await claim(store)).toEqual([]);
      const [again] = await claim(store, noon + minute);
      expect(again).toMatchObject({ id: deliveryOf('a').id, attempts: 2 });
      await store.settle([{ ...again!, status: 'delivered' }]);
      expect((await claim(store)).map(({ id }) => id)).toEqual([deliveryOf('b').id]);
      expect((await claim(store, noon, { channel: 'mail' })).map(({ id }) => id)).toEqual([deliveryOf('mail').id]);
    });

    it('claims what is due earliest, no more than asked', async () => {
      const store = open();
      await put(store, [deliveryOf('late', { dueAt: 9 }), deliveryOf('early', { customer: other, dueAt: 3 })]);
      await put(store, [deliveryOf('future', { customer: 'account:zoho-eu:9' as CustomerId, dueAt: noon + 1 })]);
      expect((await claim(store, noon, { limit: 1 })).map(({ id }) => id)).toEqual([deliveryOf('early').id]);
      expect((await claim(store)).map(({ id }) => id)).toEqual([deliveryOf('late').id]);
      expect(await claim(store)).toEqual([]);
    });

    it('never sends more than the pace in any stretch, and puts the rest off until it may', async () => {
      const store = open();
      const customers = ['1', '2', '3', '4', '5'].map((n) => `account:zoho-eu:${n}` as CustomerId);
      await put(
        store,
        customers.map((customer) => deliveryOf(customer, { customer })),
      );
      expect(await claim(store, noon, { pace, limit: 1 })).toHaveLength(1);
      expect(await claim(store, noon + 1_000, { pace })).toHaveLength(1);
      expect(await claim(store, noon + 2_000, { pace })).toHaveLength(0);
      expect(await store.claimDue({ business: 0, wall: noon + minute - 1 }, 10)).toEqual([]);
      expect(await store.claimDue({ business: 7, wall: noon + minute }, 10)).toEqual(
        customers.slice(2).map((customer) => ({ customer, asOf: 7 })),
      );
      expect(await claim(store, noon + minute, { pace })).toHaveLength(1);
      expect(await claim(store, noon + minute, { pace })).toHaveLength(0);
      expect(await claim(store, noon + minute + 1_000, { pace })).toHaveLength(1);
    });

    it('writes results, and leaves a newer attempt alone', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      const [first] = await claim(store);
      await store.settle([{ ...first!, status: 'retry', dueAt: noon, lastError: 'busy' }]);
      expect(await find(store, first!.id)).toMatchObject({ status: 'retry', lastError: 'busy' });
      const [second] = await claim(store);
      await store.settle([{ ...first!, status: 'dead' }]);
      expect(await find(store, first!.id)).toEqual(second);
    });

    it('turns what a crash left in flight into unknown or held, once, and keeps what is still young', async () => {
      const store = open();
      await put(store, [deliveryOf('a'), deliveryOf('m', { channel: 'mail' })]);
      await put(store, [deliveryOf('young', { customer: other })]);
      await claim(store, noon, { limit: 1 });
      await claim(store, noon, { channel: 'mail' });
      await claim(store, noon + 9);
      const recovery = { wallNow: noon + 9, startedBefore: noon, resends: (channel: string) => channel === 'team' };
      expect(await store.recover(recovery)).toBe(2);
      expect(await store.recover(recovery)).toBe(0);
      expect(await store.findDeliveries(['a', 'm', 'young'].map((name) => deliveryOf(name).id))).toMatchObject([
        { status: 'unknown', unknowns: 1, attempts: 1, dueAt: noon + 9 },
        { status: 'held', unknowns: 1 },
        { status: 'sending', unknowns: 0 },
      ]);
    });

    it('takes the answer that comes after a recovery', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      const [sent] = await claim(store);
      await store.recover({ wallNow: noon, startedBefore: noon, resends: () => true });
      await store.settle([{ ...sent!, status: 'delivered' }]);
      expect(await claim(store)).toEqual([]);
      expect(await find(store, sent!.id)).toMatchObject({ status: 'delivered' });
    });

    it('names customers with an ended window once in five minutes, until they are decided', async () => {
      const store = open();
      await store.commitAll([{ next: waitingState(), deliveries: [] }], noon);
      const due = (business: number, wall: number) => store.claimDue({ business, wall }, 10);
      expect(await due(noon + day - 1, noon)).toEqual([]);
      expect(await due(noon + day, noon)).toEqual([{ customer: acme, asOf: noon + day }]);
      expect(await due(noon + day, noon + 5 * minute - 1)).toEqual([]);
      expect(await due(noon + day, noon + 5 * minute)).toHaveLength(1);
      await store.commitAll([{ next: { ...waitingState(), version: 2, windows: {} }, deliveries: [] }], noon);
      expect(await due(noon + 9 * day, noon + day)).toEqual([]);
    });

    it('names customers with deliveries that may go, but not those just decided, behind another, or on a disabled channel', async () => {
      const store = open();
      await put(store, [deliveryOf('a', { status: 'retry', dueAt: noon + 9 * minute }), deliveryOf('behind')]);
      await put(store, [deliveryOf('new', { customer: other })]);
      const due = async (wall: number) =>
        (await store.claimDue({ business: 0, wall }, 10)).map(({ customer }) => customer);
      expect(await due(noon + minute)).toEqual([]);
      expect(await due(noon + 5 * minute)).toEqual([other]);
      expect(await due(noon + 9 * minute)).toEqual([acme]);
      await store.disableChannel({ channel: 'team', reason: 'gone', since: noon });
      expect(await due(noon + day)).toEqual([]);
      await store.enableChannel('team');
      expect([...(await due(noon + day))].sort()).toEqual([acme, other]);
    });

    it('gives claims up on recovery', async () => {
      const store = open();
      await store.commitAll([{ next: waitingState(), deliveries: [] }], noon);
      await put(store, [deliveryOf('a', { customer: other })]);
      await store.claimDue({ business: noon + day, wall: noon }, 10);
      await store.recover({ wallNow: noon + 1, startedBefore: noon + 1, resends: () => true });
      expect(await store.claimDue({ business: noon + day, wall: noon + 1 }, 10)).toHaveLength(2);
    });

    it('sends nothing on a disabled channel, says why, and goes on when it is enabled', async () => {
      const store = open();
      await put(store, [deliveryOf('a')]);
      await store.disableChannel({ channel: 'team', reason: 'gone', since: noon });
      await store.disableChannel({ channel: 'team', reason: 'again', since: noon + 1 });
      expect(await claim(store)).toEqual([]);
      expect(await store.readDisabledChannels()).toEqual([{ channel: 'team', reason: 'gone', since: noon }]);
      await store.enableChannel('team');
      expect(await store.readDisabledChannels()).toEqual([]);
      expect(await claim(store)).toHaveLength(1);
    });

    it('puts a digest in the place of waiting alerts, or does nothing at all', async () => {
      const store = open();
      const alerts = ['a', 'b', 'c'].map((name) => alertOf(name, ['x'], { customer: name === 'c' ? other : acme }));
      await put(store, [...alerts, gradeOf('g', 'A', { channel: 'team' })]);
      expect(await store.countWaitingAlerts('team')).toBe(3);
      expect(await store.countWaitingAlerts('mail')).toBe(0);
      const waiting = await store.findWaitingAlerts('team', 10);
      expect(waiting).toEqual(alerts);
      expect(await store.findWaitingAlerts('team', 2)).toHaveLength(2);
      const [digest] = digestsOf(waiting, 'channel', 'en', sha256);
      expect(await store.commitDigest(digest!)).toBe(true);
      expect(await store.findDeliveries(digest!.members)).toMatchObject(
        digest!.members.map(() => ({ status: 'digested', digest: digest!.delivery.id })),
      );
      expect(await store.countWaitingAlerts('team')).toBe(0);
      expect((await claim(store)).map(({ id }) => id).sort()).toEqual(
        [digest!.delivery.id, gradeOf('g', 'A').id].sort(),
      );
      await put(store, [alertOf('d', ['x'])]);
      const stale = {
        ...digest!,
        members: [...digest!.members, alertOf('d', ['x']).id],
        delivery: { ...digest!.delivery, id: `dig_${'1'.repeat(32)}` },
      };
      expect(await store.commitDigest(stale)).toBe(false);
      expect(await find(store, alertOf('d', ['x']).id)).toMatchObject({ status: 'pending' });
      expect(await find(store, stale.delivery.id)).toBeUndefined();
    });

    it('lets a person send held and dead ones after all, with all attempts', async () => {
      const store = open();
      const at = (name: string, status: Delivery['status']) =>
        deliveryOf(name, { status, attempts: 10, channel: name });
      await put(store, [at('held', 'held'), at('dead', 'dead'), at('done', 'delivered')]);
      expect(
        await store.release(
          ['held', 'dead', 'done'].map((name) => deliveryOf(name).id),
          noon + 1,
        ),
      ).toBe(2);
      expect(await store.findDeliveries(['held', 'dead', 'done'].map((name) => deliveryOf(name).id))).toMatchObject([
        { status: 'retry', attempts: 0, dueAt: noon + 1 },
        { status: 'retry', attempts: 0 },
        { status: 'delivered', attempts: 10 },
      ]);
    });

    it('lists a customer newest first and counts by channel and status', async () => {
      const store = open();
      await put(store, [
        deliveryOf('a'),
        deliveryOf('b', { unknowns: 2 }),
        deliveryOf('c', { channel: 'mail', status: 'dead', unknowns: 1 }),
      ]);
      await put(store, [deliveryOf('d', { customer: other })]);
      expect((await store.listDeliveries(acme, 2)).map(({ id }) => id)).toEqual([
        deliveryOf('c').id,
        deliveryOf('b').id,
      ]);
      expect(await store.countDeliveries()).toEqual([
        { channel: 'mail', status: 'dead', deliveries: 1, unknowns: 1 },
        { channel: 'team', status: 'pending', deliveries: 3, unknowns: 2 },
      ]);
    });
  });
};
