import { describe, expect, it } from 'vitest';
import { windowsDueAt } from '#shared/domain/action.ts';
import type { AlertChoice, GradeChange, GradeName } from '#shared/domain/change.ts';
import { waitsForSummary } from '#shared/domain/model-alerts.ts';
import { type ActingPolicy, decideOnChange, decideOnDue, decideOnReplayedChange } from '#shared/domain/settle.ts';
import { alertTo, blank, change, day, hour, noon, policyOf } from '../contract/action-samples.ts';

const task = {
  task: { channel: 'tasks', subject: { zh: 's', en: 's' }, text: { zh: 't', en: 't' }, dueInDays: 1 },
};
const everything = [alertTo('mail'), alertTo('hook'), task, { writeGrade: { channel: 'grades' } }];
const policy: ActingPolicy = { ...policyOf([{ id: 'any', do: everything }]), isMoving: (epoch) => epoch === 2 };
const settling: ActingPolicy = {
  ...policyOf([{ id: 'any', do: everything, settle: { window: 'P1D', always: true } }]),
  isMoving: (epoch) => epoch === 2,
};

const byModel = (seq: number, from: GradeName, to: GradeName, alerts: AlertChoice, epoch = 2): GradeChange =>
  change(seq, from, to, { cause: { type: 'model', epoch, by: 'Ann', why: 'new cuts', alerts } });

const kinds = (deliveries: readonly { content: { kind: string }; channel: string }[]) =>
  deliveries.map(({ content, channel }) => `${content.kind} ${channel}`);

describe('a change of model', () => {
  it('under suppress only writes the grade, and counts as announced', () => {
    const { state, deliveries } = decideOnChange(blank, byModel(1, 'B', 'A', 'suppress'), noon, policy);
    expect(kinds(deliveries)).toEqual(['grade grades']);
    expect(state.announced['care/any']).toEqual({ model: 'value', grade: 'A' });
    const next = decideOnChange(state, change(2, 'A', 'C'), noon + hour, policy);
    expect(next.deliveries[0]?.content).toMatchObject({ announcement: { from: 'A', to: 'C' } });
  });

  it('under suppress opens no window, and what was open still tells of what opened it', () => {
    const quiet = decideOnChange(blank, byModel(1, 'B', 'A', 'suppress'), noon, settling);
    expect(windowsDueAt(quiet.state)).toBeUndefined();
    expect(kinds(quiet.deliveries)).toEqual(['grade grades']);
    const open = decideOnChange(blank, change(1, 'A', 'B', { by: 'timer' }), noon, settling).state;
    const moved = decideOnChange(open, byModel(2, 'B', 'C', 'suppress'), noon + hour, settling);
    expect(moved.deliveries).toEqual([]);
    const ended = decideOnDue(moved.state, noon + day, settling);
    expect(ended.deliveries[0]?.content).toMatchObject({ announcement: { from: 'A', to: 'C' } });
  });

  it('under digest holds alerts to people for the summary, tells programs, makes no tasks', () => {
    for (const each of [policy, settling]) {
      const { state, deliveries } = decideOnChange(blank, byModel(1, 'B', 'A', 'digest'), noon, each);
      expect(kinds(deliveries)).toEqual(['alert mail', 'alert hook', 'grade grades']);
      expect(deliveries.map(waitsForSummary)).toEqual([true, false, false]);
      expect(state.announced['care/any']?.grade).toBe('A');
    }
  });

  it('that comes after the summary is told by itself', () => {
    const { deliveries } = decideOnChange(blank, byModel(1, 'B', 'A', 'digest', 1), noon, policy);
    expect(kinds(deliveries)).toEqual(['alert mail', 'alert hook', 'task tasks', 'grade grades']);
    expect(deliveries.some(waitsForSummary)).toBe(false);
  });

  it('under send, and from before the choice was there, is told as the playbooks say', () => {
    for (const each of [byModel(1, 'B', 'A', 'send'), change(1, 'B', 'A', { by: 'model' })]) {
      expect(kinds(decideOnChange(blank, each, noon, policy).deliveries)).toHaveLength(4);
      expect(windowsDueAt(decideOnChange(blank, each, noon, settling).state)).toBe(noon + day);
    }
  });

  it('that was suppressed stays so when it is sent again out of the dead letters', () => {
    const seen = { ...blank, seenSeq: 5 };
    expect(decideOnReplayedChange(seen, byModel(1, 'B', 'A', 'suppress'), noon, policy).deliveries).toEqual([]);
    expect(decideOnReplayedChange(seen, byModel(1, 'B', 'A', 'send'), noon, policy).deliveries).toHaveLength(3);
  });
});
