import { describe, expect, it } from 'vitest';
import { ChangeMessage, directionBetween, encodeChangeMessage } from '../../shared/domain/action.ts';
import { decodeCloudEvent } from '../../shared/domain/cloud-event.ts';
import { Delivery } from '../../shared/domain/delivery.ts';
import { CustomerId } from '../../shared/domain/ids.ts';
import { decideOnChange } from '../../shared/domain/settle.ts';
import { acme, alertTo, blank, change, noon, policyOf, tenant } from '../contract/action-samples.ts';

const texts = { zh: '{{name}}', en: 'Call {{name}}' };
const deliveriesOf = (rule: object, of = change(1, 'B', 'A')) =>
  decideOnChange({ ...blank, customer: of.customer }, of, noon, policyOf([{ id: 'r', ...rule }])).deliveries;
const recipientsOf = (rule: object, of?: Parameters<typeof deliveriesOf>[1]) =>
  deliveriesOf(rule, of).map(({ content }) => ('recipients' in content ? content.recipients : undefined));

describe('the records of regrade.changes', () => {
  it.each<ChangeMessage>([
    { kind: 'grade.changed', ...change(3, 'B', null, { next: { at: noon, to: 'A' }, guard: 'g' }) },
    { kind: 'action.due', tenant, customer: acme, asOf: noon },
  ])('come back from their text as they were: $kind', (message) => {
    const decoded = decodeCloudEvent(encodeChangeMessage(message, noon), ChangeMessage);
    expect(decoded).toMatchObject({ ok: true, event: { type: message.kind, data: message } });
  });

  it('carry the change id, so that repeats are known', () => {
    const text = encodeChangeMessage({ kind: 'grade.changed', ...change(3, 'B', 'A') }, noon);
    expect(JSON.parse(text)).toMatchObject({ id: `${acme}#3`, source: 'regrade/acme' });
  });
});

describe('directionBetween', () => {
  const order = [
    { id: 'A', ranked: true },
    { id: 'B', ranked: true },
    { id: 'NEW', ranked: false },
  ];
  it.each([
    ['B', 'A', 'up'],
    ['A', 'B', 'down'],
    [null, 'A', 'initial'],
    ['A', null, 'left'],
    ['A', 'NEW', 'sideways'],
    ['NEW', 'A', 'sideways'],
    ['A', 'gone', 'sideways'],
  ])('from %s to %s is %s', (from, to, direction) => {
    expect(directionBetween(from, to, order)).toBe(direction);
  });
});

describe('the deliveries of a rule', () => {
  it('are complete: text, recipients, and the announcement as data', () => {
    const [delivery] = deliveriesOf({ do: [alertTo('mail')] });
    expect(Delivery.parse(delivery)).toEqual(delivery);
    expect(delivery).toMatchObject({
      customer: acme,
      channel: 'mail',
      rule: 'care/r',
      change: `${acme}#1`,
      status: 'pending',
      createdAt: noon,
      content: {
        kind: 'alert',
        recipients: ['rep@example.com'],
        title: 'ACME: B → A',
        text: 'from B to A',
        announcement: {
          change: `${acme}#1`,
          from: 'B',
          to: 'A',
          score: 61.26,
          reasons: ['from B to A'],
          tags: { segment: 'wholesale' },
          at: noon,
        },
      },
    });
  });

  it('carry ids that say change, rule and channel, and nothing else', () => {
    const both = { do: [alertTo('mail'), alertTo('mail'), alertTo('team')] };
    const ids = deliveriesOf(both).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /^act_[0-9a-f]{32}$/.test(id))).toBe(true);
    const edited = { do: [alertTo('mail', [{ address: 'x@example.com' }])] };
    expect(deliveriesOf(edited)[0]?.id).toBe(ids[0]);
    expect(deliveriesOf(both, change(2, 'B', 'A')).map(({ id }) => id)).not.toContain(ids[0]);
  });

  it('find owner and manager by what the channel understands', () => {
    const attributes = {
      ownerEmail: 'o@example.com',
      managerEmail: 'm@example.com',
      ownerId: '7',
      ownerWecomId: 'zhangsan',
    };
    const of = change(1, 'B', 'A', { attributes });
    expect(recipientsOf({ do: [alertTo('mail', ['manager', 'owner', { address: 'x@example.com' }])] }, of)).toEqual([
      ['m@example.com', 'o@example.com', 'x@example.com'],
    ]);
    expect(recipientsOf({ do: [alertTo('team')] }, of)).toEqual([['zhangsan']]);
  });

  it('fall back, once, where nobody is known', () => {
    const fallback = ['boss@example.com', 'wang'];
    const of = change(1, 'B', 'A', { attributes: { ownerEmail: 'not an address' } });
    expect(
      recipientsOf({ fallback, do: [alertTo('mail', ['owner', 'manager']), alertTo('team'), alertTo('mail', [])] }, of),
    ).toEqual([['boss@example.com'], ['wang'], ['boss@example.com']]);
  });

  it('show an e-mail to nobody among the dead', () => {
    const [delivery] = deliveriesOf({ do: [alertTo('mail')] }, change(1, 'B', 'A', { attributes: {} }));
    expect(delivery).toMatchObject({ status: 'dead', lastError: expect.stringContaining('nobody') as string });
  });

  it('make a task due on a day of the company', () => {
    const task = { channel: 'tasks', subject: texts, text: texts, dueInDays: 3, priority: 'high' };
    expect(deliveriesOf({ do: [{ task }] })[0]?.content).toEqual({
      kind: 'task',
      subject: 'Call ACME',
      text: 'Call ACME',
      due: '2026-03-05',
      owner: '7',
      priority: 'high',
    });
    expect(deliveriesOf({ do: [{ task }] }, change(1, 'B', 'A', { attributes: {} }))[0]?.content).not.toHaveProperty(
      'owner',
    );
  });

  it('write the grade to the CRM the customer lives in, and to no other', () => {
    const rule = { do: [{ writeGrade: { channel: 'grades' } }, { writeGrade: { channel: 'grades-cn' } }] };
    expect(deliveriesOf(rule).map(({ channel }) => channel)).toEqual(['grades']);
    const customer = CustomerId.parse('account:fxiaoke-cn:9');
    expect(deliveriesOf(rule, change(1, 'B', 'A', { customer })).map(({ channel }) => channel)).toEqual(['grades-cn']);
  });

  it('write an empty grade when there is none any more', () => {
    const [delivery] = deliveriesOf(
      { do: [{ writeGrade: { channel: 'grades' } }] },
      change(1, 'B', null, { score: null }),
    );
    expect(delivery?.content).toEqual({ kind: 'grade', grade: '', score: null, at: noon });
  });
});
