import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionState } from '../../shared/domain/action.ts';
import { ActionState as StoredState, windowsDueAt } from '../../shared/domain/action.ts';
import type { GradeChange, GradeName } from '../../shared/domain/change.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import { type ActingPolicy, decideOnChange, decideOnDue, decideOnReplayedChange } from '../../shared/domain/settle.ts';
import { alertTo, blank, change, day, hour, noon, policyOf } from '../contract/action-samples.ts';

const settled = policyOf([{ id: 'any', do: [alertTo('mail')], settle: { window: 'P1D' } }]);
const always = policyOf([{ id: 'any', do: [alertTo('mail')], settle: { window: 'P1D', always: true } }]);
const atOnce = policyOf([{ id: 'any', do: [alertTo('mail')] }]);

/** Plays changes an hour apart, then lets all windows end. */
const play = (policy: ActingPolicy, changes: readonly GradeChange[], from: ActionState = blank) => {
  let state = from;
  const deliveries: Delivery[] = [];
  const take = (acted: { state: ActionState; deliveries: readonly Delivery[] }) => {
    state = acted.state;
    deliveries.push(...acted.deliveries);
  };
  for (const [index, each] of changes.entries()) take(decideOnChange(state, each, noon + index * hour, policy));
  const before = deliveries.length;
  take(decideOnDue(state, noon + 400 * day, policy));
  return { state, deliveries, before };
};

const said = (deliveries: readonly Delivery[]) =>
  deliveries.map(({ content }) =>
    content.kind === 'alert'
      ? `${content.announcement.from ?? '–'}→${content.announcement.to ?? '–'} ${content.announcement.direction}`
      : '',
  );

describe('deciding what a change leads to', () => {
  it('acts at once where the rule does not settle', () => {
    const { deliveries, before } = play(atOnce, [change(1, 'B', 'A'), change(2, 'A', 'B', { by: 'timer' })]);
    expect(before).toBe(2);
    expect(said(deliveries)).toEqual(['B→A up', 'A→B down']);
  });

  it('acts at once on an event where only time settles', () => {
    const { deliveries, before } = play(settled, [change(1, 'B', 'A')]);
    expect(before).toBe(1);
    expect(said(deliveries)).toEqual(['B→A up']);
  });

  it('waits with a change made by time', () => {
    const { state, deliveries } = decideOnChange(blank, change(1, 'B', 'A', { by: 'timer' }), noon, settled);
    expect(deliveries).toEqual([]);
    expect(windowsDueAt(state)).toBe(noon + day);
    expect(decideOnDue(state, noon + day - 1, settled)).toEqual({ state, deliveries: [] });
    const end = decideOnDue(state, noon + day, settled);
    expect(said(end.deliveries)).toEqual(['B→A up']);
    expect(end.deliveries[0]?.createdAt).toBe(noon + day);
    expect(windowsDueAt(end.state)).toBeUndefined();
  });

  it('says nothing about B→A→B inside a window', () => {
    const { deliveries, state } = play(settled, [change(1, 'B', 'A', { by: 'timer' }), change(2, 'A', 'B')]);
    expect(deliveries).toEqual([]);
    expect(state.announced['care/any']?.grade).toBe('B');
  });

  it('makes B→A→C inside a window one B→C, about the last change', () => {
    const { deliveries } = play(settled, [change(1, 'B', 'A', { by: 'timer' }), change(2, 'A', 'C')]);
    expect(said(deliveries)).toEqual(['B→C down']);
    expect(deliveries[0]?.change).toBe('account:zoho-eu:42#2');
    expect(deliveries[0]?.content).toMatchObject({ title: 'ACME: B → C', text: 'from B to C' });
  });

  it('ends an overdue window before it takes the next change', () => {
    const opened = decideOnChange(blank, change(1, 'B', 'A', { by: 'timer' }), noon, settled).state;
    const late = decideOnChange(opened, change(2, 'A', 'B'), noon + 2 * day, settled);
    expect(said(late.deliveries)).toEqual(['B→A up', 'A→B down']);
  });

  describe('of a customer that became part of another one', () => {
    const into = CustomerId.parse('account:zoho-eu:43');
    const joined = (type: 'merge' | 'converted') => change(2, 'A', null, { cause: { type, customer: into } });

    it.each(['merge', 'converted'] as const)('says nothing of its end, nor what waited to be said (%s)', (type) => {
      expect(play(atOnce, [change(1, 'B', 'A'), joined(type)]).deliveries).toHaveLength(1);
      const { state, deliveries } = play(settled, [change(1, 'B', 'A', { by: 'timer' }), joined(type)]);
      expect([deliveries, state.windows]).toEqual([[], {}]);
      expect(state.announced['care/any']?.grade).toBeNull();
      expect(decideOnReplayedChange(state, joined(type), noon + day, atOnce).deliveries).toEqual([]);
    });

    it('tells a rule that asks for just this, at once', () => {
      const asking = policyOf([
        { id: 'any', when: { cause: ['converted'] }, do: [alertTo('mail')], settle: { window: 'P1D', always: true } },
      ]);
      expect(said(play(asking, [joined('converted')]).deliveries)).toEqual(['A→– left']);
      expect(play(asking, [joined('merge')]).deliveries).toEqual([]);
    });

    it('tells of it again once it is one of its own', () => {
      const apart = change(3, null, 'B', { cause: { type: 'merge', customer: into, undone: true } });
      expect(said(play(atOnce, [joined('merge'), apart]).deliveries)).toEqual(['–→B initial']);
    });
  });

  it('asks a rule about the whole way, not about its steps', () => {
    const toC = policyOf([
      {
        id: 'lost',
        when: { from: ['B'], to: ['C'], direction: ['down'], cause: ['timer'] },
        do: [alertTo('mail')],
        settle: { window: 'P1D' },
      },
    ]);
    expect(said(play(toC, [change(1, 'B', 'A', { by: 'timer' }), change(2, 'A', 'C')]).deliveries)).toEqual([
      'B→C down',
    ]);
  });

  it('drops what it has seen', () => {
    const { state } = decideOnChange(blank, change(2, 'B', 'A'), noon, atOnce);
    for (const seq of [1, 2])
      expect(decideOnChange(state, change(seq, 'A', 'C'), noon + hour, atOnce)).toEqual({ state, deliveries: [] });
  });

  it('never lets time run backwards', () => {
    const { state } = decideOnChange(blank, change(1, 'B', 'A'), noon, settled);
    const next = decideOnChange(state, change(2, 'A', 'B', { by: 'timer' }), noon - day, settled).state;
    expect(windowsDueAt(next)).toBe(noon + day);
  });

  it('follows the deciding model unless a rule names another', () => {
    const risk = { model: { id: 'risk', version: 1, hash: 'r' }, decides: false };
    const policy = policyOf([
      { id: 'value', do: [alertTo('mail')] },
      { id: 'risk', when: { model: 'risk' }, do: [alertTo('team')] },
    ]);
    expect(play(policy, [change(1, 'B', 'A', risk)]).deliveries.map(({ rule }) => rule)).toEqual(['care/risk']);
    expect(play(policy, [change(1, 'B', 'A')]).deliveries.map(({ rule }) => rule)).toEqual(['care/value']);
  });

  it('forgets rules that are gone, with their windows', () => {
    const opened = decideOnChange(blank, change(1, 'B', 'A', { by: 'timer' }), noon, settled).state;
    const { state, deliveries } = decideOnChange(
      opened,
      change(2, 'A', 'C'),
      noon + hour,
      policyOf([{ id: 'new', do: [alertTo('mail')] }]),
    );
    expect(Object.keys({ ...state.windows, ...state.announced, ...state.latest })).toEqual(['care/new']);
    expect(said(deliveries)).toEqual(['A→C down']);
  });

  it('keeps a state that survives its own storing', () => {
    const { state } = decideOnChange(blank, change(1, 'B', 'A', { by: 'timer' }), noon, settled);
    expect(StoredState.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });
});

describe('deciding what a change that is sent again leads to', () => {
  const after = (policy: ActingPolicy, ...changes: GradeChange[]) =>
    changes.reduce((state, each) => decideOnChange(state, each, noon, policy).state, blank);

  it('is deciding as ever where nothing newer was seen', () => {
    for (const policy of [settled, always, atOnce])
      for (const by of ['event', 'timer'] as const) {
        const late = change(2, 'B', 'A', { by });
        const state = after(policy, change(1, 'C', 'B'));
        expect(decideOnReplayedChange(state, late, noon, policy)).toEqual(decideOnChange(state, late, noon, policy));
      }
  });

  it('announces an overtaken one at once, under the id it has always had', () => {
    const first = change(1, 'C', 'B');
    const state = after(atOnce, change(2, 'B', 'A'));
    const late = decideOnReplayedChange(state, first, noon + hour, atOnce);
    expect(said(late.deliveries)).toEqual(['C→B up']);
    expect(late.deliveries[0]?.id).toBe(decideOnChange(blank, first, noon, atOnce).deliveries[0]?.id);
    expect(late.state).toEqual({ ...state, decidedAt: noon + hour });
  });

  it('leaves an overtaken one to the window it would have waited in', () => {
    const state = after(atOnce, change(2, 'B', 'A'));
    expect(state.windows).toEqual({});
    for (const [policy, by] of [
      [always, 'event'],
      [settled, 'timer'],
    ] as const)
      expect(decideOnReplayedChange(state, change(1, 'C', 'B', { by }), noon + hour, policy)).toEqual({
        state,
        deliveries: [],
      });
    expect(said(decideOnReplayedChange(state, change(1, 'C', 'B'), noon + hour, settled).deliveries)).toEqual([
      'C→B up',
    ]);
  });

  it('leaves an overtaken one to the window that is open', () => {
    const state = after(settled, change(2, 'B', 'A', { by: 'timer' }));
    expect(Object.keys(state.windows)).toEqual(['care/any']);
    expect(decideOnReplayedChange(state, change(1, 'C', 'B'), noon + hour, settled)).toEqual({ state, deliveries: [] });
  });

  it('writes no overtaken grade back', () => {
    const writing = policyOf([{ id: 'any', do: [{ writeGrade: { channel: 'grades' } }] }]);
    const state = after(writing, change(2, 'B', 'A'));
    expect(decideOnReplayedChange(state, change(1, 'C', 'B'), noon + hour, writing)).toEqual({ state, deliveries: [] });
  });
});

const walk = fc
  .array(
    fc.record({
      to: fc.constantFrom<GradeName>('A', 'B', 'C', null),
      by: fc.constantFrom('event' as const, 'timer' as const, 'model' as const),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((steps) => {
    let grade: GradeName = 'B';
    const changes: GradeChange[] = [];
    for (const { to, by } of steps) {
      if (to === grade) continue;
      changes.push(change(changes.length + 1, grade, to, { by }));
      grade = to;
    }
    return changes;
  })
  .filter((changes) => changes.length > 0);
const policies = fc.constantFrom(settled, always, atOnce);

describe('any walk through the grades', () => {
  it('gives the same when every change comes twice', () => {
    fc.assert(
      fc.property(walk, policies, (changes, policy) => {
        const once = play(policy, changes);
        let state = blank;
        const deliveries: Delivery[] = [];
        for (const [index, each] of changes.entries())
          for (let times = 0; times < 2; times += 1) {
            const acted = decideOnChange(state, each, noon + index * hour, policy);
            state = acted.state;
            deliveries.push(...acted.deliveries);
          }
        const end = decideOnDue(state, noon + 400 * day, policy);
        expect([...deliveries, ...end.deliveries]).toEqual(once.deliveries);
        expect(end.state).toEqual(once.state);
        expect(play(policy, changes, end.state).deliveries).toEqual([]);
      }),
    );
  });

  it('decides each action once', () => {
    fc.assert(
      fc.property(walk, policies, (changes, policy) => {
        const ids = play(policy, changes).deliveries.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });

  it('has announced the last grade when all windows have ended, in steps that join', () => {
    fc.assert(
      fc.property(walk, policies, (changes, policy) => {
        const { state, deliveries } = play(policy, changes);
        const last = changes.at(-1)?.to;
        expect(state.announced['care/any']?.grade).toBe(last);
        expect(state.latest).toEqual({});
        let grade: GradeName | undefined = 'B';
        for (const { content } of deliveries) {
          if (content.kind !== 'alert') throw new Error('not an alert');
          expect(content.announcement.from).toBe(grade);
          grade = content.announcement.to;
        }
        expect(grade).toBe(last);
      }),
    );
  });
});
