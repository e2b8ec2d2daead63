import { describe, expect, it } from 'vitest';
import { draftOf } from '../../../shared/adapters/dynamodb/actions/delivery-draft.ts';
import {
  blankLane,
  laneRefOf,
  openPositions,
  type Placed,
  withDelivery,
} from '../../../shared/adapters/dynamodb/actions/delivery-lane.ts';
import { itemOfLane, laneOfItem } from '../../../shared/adapters/dynamodb/actions/delivery-lane-item.ts';
import { deliveryOf, gradeOf, noon, tenant } from '../../contract/action-samples.ts';

const placedAt = (position: number, name: string, more: object = {}): Placed => ({
  position,
  delivery: deliveryOf(name, more),
});
const laneWith = (placed: readonly Placed[]) =>
  placed.reduce((lane, each) => withDelivery(lane, each), blankLane(laneRefOf(tenant, deliveryOf('any'))));

describe('a draft of changes to deliveries', () => {
  it('gives up at once, and visibly, what would be more than a lane holds', () => {
    const full = laneWith(Array.from({ length: 2_000 }, (_, n) => placedAt(noon * 1_000 + n, `${n}`)));
    const draft = draftOf('any', tenant, { lanes: [full], placed: [] });
    expect(draft.add(placedAt(1, 'late'))).toBe(true);
    expect(draft.find(deliveryOf('late').id)?.delivery).toMatchObject({
      status: 'dead',
      lastError: '2000 wait before it',
    });
    expect((itemOfLane(tenant, full)['body']?.B ?? []).length).toBeLessThan(90_000);
  });

  it('says when a transaction is full before it takes more than a hundred actions', () => {
    const names = Array.from({ length: 60 }, (_, n) => `${n}`);
    const deliveries = names.map((name) => deliveryOf(name, { channel: name }));
    const lanes = deliveries.map((delivery) => blankLane(laneRefOf(tenant, delivery)));
    const draft = draftOf('any', tenant, { lanes, placed: [] });
    let added = 0;
    for (const delivery of deliveries) if (draft.hasRoom() && draft.add({ delivery, position: 1 })) added += 1;
    expect(added).toBeGreaterThan(15);
    expect(draft.actions().length).toBeGreaterThan(80);
    expect(draft.actions().length).toBeLessThanOrEqual(100);
  });

  it('puts a new one behind all others of its lane, whatever the clock says', () => {
    const draft = draftOf('any', tenant, { lanes: [laneWith([placedAt(500, 'first')])], placed: [] });
    draft.add(placedAt(3, 'second'));
    expect(draft.find(deliveryOf('second').id)?.position).toBe(501);
  });

  it('changes nothing where nothing was changed', () => {
    const lane = laneWith([placedAt(1, 'a')]);
    const draft = draftOf('any', tenant, { lanes: [lane], placed: [placedAt(1, 'a')] });
    expect(draft.add(placedAt(2, 'a'))).toBe(false);
    draft.giveClaimsUp(lane, noon);
    expect(draft.actions()).toEqual([]);
  });

  it('supersedes a write of a grade that is released after a newer one', () => {
    const [old, fresh] = [gradeOf('old', 'B', { status: 'dead' }), gradeOf('new', 'A', { status: 'delivered' })];
    const placed = [old, fresh].map((delivery, position) => ({ delivery, position }));
    const lane = placed.reduce((before, each) => withDelivery(before, each), blankLane(laneRefOf(tenant, old)));
    const draft = draftOf('any', tenant, { lanes: [lane], placed });
    draft.put({ position: 0, delivery: { ...old, status: 'retry' } });
    expect(draft.find(old.id)?.delivery.status).toBe('superseded');
    expect(draft.lanes()[0]?.open).toEqual([]);
  });
});

describe('a lane', () => {
  it('is read as it was written', () => {
    const lane = { ...laneWith([placedAt(1, 'a', { status: 'sending', sentAt: noon }), placedAt(2, 'b')]), version: 3 };
    expect(laneOfItem(itemOfLane(tenant, lane))).toEqual(lane);
  });

  it('goes after a while when it is empty, but not while it knows of a written grade', () => {
    const sent = laneWith([placedAt(noon * 1_000, 'a', { status: 'delivered' })]);
    const day = 86_400;
    expect(itemOfLane(tenant, sent)['expiresAt']).toEqual({ N: String(noon / 1_000 + 90 * day) });
    const grade = { position: 1, delivery: gradeOf('g', 'A', { status: 'delivered' }) };
    expect(itemOfLane(tenant, withDelivery(blankLane(laneRefOf(tenant, grade.delivery)), grade))).not.toHaveProperty(
      'expiresAt',
    );
  });

  it('orders what is decided in one millisecond, and by a clock that is put back', () => {
    const next = openPositions();
    const positions = [noon, noon, noon - 5_000, noon + 1].map(next);
    expect([...positions].sort((a, b) => a - b)).toEqual(positions);
    expect(new Set(positions).size).toBe(4);
  });
});
