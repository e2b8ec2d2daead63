import { describe, expect, it } from 'vitest';
import { crmGradeChannel } from '../../../shared/adapters/channels/crm-grade.ts';
import { crmTaskChannel } from '../../../shared/adapters/channels/crm-task.ts';
import { PipelineError } from '../../../shared/domain/pipeline-error.ts';
import type { GradeWrite, TaskWrite, WriteResult } from '../../../shared/ports/crm.ts';
import { acme, deliveryOf, gradeOf, noon } from '../../contract/action-samples.ts';

const task = deliveryOf('t', {
  content: { kind: 'task', subject: 'Call', text: 'Why', due: '2026-03-05', owner: '7', priority: 'high' },
});

describe('the CRM channels', () => {
  it('write a grade to the customer', async () => {
    const written: GradeWrite[] = [];
    const channel = crmGradeChannel({
      onUnknown: 'hold',
      writer: { writeGrade: async (grade) => (written.push(grade), { outcome: 'unchanged' }) },
    });
    expect(channel.keyed).toBe(true);
    expect(await channel.send(gradeOf('g', 'A'))).toEqual({ outcome: 'delivered' });
    expect(written).toEqual([{ customer: acme, grade: 'A', score: 1, at: noon }]);
    expect(await channel.send(task)).toMatchObject({ outcome: 'refused' });
  });

  it('create a task under the id of the delivery', async () => {
    const created: TaskWrite[] = [];
    const channel = crmTaskChannel({
      onUnknown: 'hold',
      keyed: false,
      writer: { createTask: async (write) => (created.push(write), { outcome: 'done', reference: '1' }) },
    });
    expect(await channel.send(task)).toEqual({ outcome: 'delivered' });
    expect(created).toEqual([
      {
        key: task.id,
        customer: acme,
        subject: 'Call',
        description: 'Why',
        due: '2026-03-05',
        owner: '7',
        priority: 'high',
      },
    ]);
    expect(await channel.send(gradeOf('g', 'A'))).toMatchObject({ outcome: 'refused' });
  });

  it.each<[WriteResult, object]>([
    [
      { outcome: 'retry', reason: 'busy', afterMs: 5 },
      { outcome: 'retry', reason: 'busy', afterMs: 5 },
    ],
    [
      { outcome: 'refused', reason: 'no' },
      { outcome: 'refused', reason: 'no' },
    ],
    [
      { outcome: 'unknown', reason: '?' },
      { outcome: 'unknown', reason: '?' },
    ],
  ])('take %j for %j', async (result, expected) => {
    const channel = crmTaskChannel({ onUnknown: 'hold', keyed: true, writer: { createTask: async () => result } });
    expect(await channel.send(task)).toEqual(expected);
  });

  it.each([
    [
      new PipelineError('CRM_THROTTLED', 'slow', { retryable: true, retryAfterMs: 9 }),
      { outcome: 'retry', reason: 'CRM_THROTTLED', afterMs: 9 },
    ],
    [
      new PipelineError('CRM_UNAVAILABLE', 'down', { retryable: true }),
      { outcome: 'retry', reason: 'CRM_UNAVAILABLE' },
    ],
    [new PipelineError('CRM_REFUSED', 'scope', { retryable: false }), { outcome: 'refused', reason: 'CRM_REFUSED' }],
  ])('take a failure on the way, %s, for %j', async (error, expected) => {
    const channel = crmTaskChannel({
      onUnknown: 'hold',
      keyed: true,
      writer: { createTask: () => Promise.reject(error) },
    });
    expect(await channel.send(task)).toEqual(expected);
  });
});
