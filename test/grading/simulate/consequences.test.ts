import { describe, expect, it } from 'vitest';
import type { Channel } from '#shared/definitions/workspace.ts';
import { TenantId } from '#shared/domain/ids.ts';
import { activeRules, Playbook } from '#shared/domain/playbook.ts';
import { type Acting, consequencesOf } from '#shared/grading/simulate/consequences.ts';
import type { ChangeKind } from '#shared/grading/simulate/simulate.ts';

const both = (text: string) => ({ zh: text, en: text });
const alert = (channel: string) => ({ alert: { channel, title: both('t'), text: both('t') } });
const playbook = Playbook.parse({
  apiVersion: 'regrade/v1',
  kind: 'Playbook',
  id: 'p',
  rules: [
    { id: 'falls', when: { direction: ['down'] }, do: [alert('chat')] },
    // waits for whatever changes
    { id: 'rises', when: { direction: ['up'] }, settle: { window: 'P2D', always: true }, do: [alert('chat')] },
    { id: 'north', when: { tags: { eq: [{ tag: 'region' }, 'north'] } }, do: [alert('mail')] },
    { id: 'others', when: { model: 'another' }, do: [alert('mail')] },
    { id: 'write', do: [{ writeGrade: { channel: 'grades' } }] },
    {
      id: 'call',
      when: { to: ['C'] },
      do: [{ task: { channel: 'tasks', subject: both('s'), text: both('t'), dueInDays: 1 } }],
    },
  ],
});

const zoho = { connection: 'zoho', onUnknown: 'resend' };
const channels = {
  chat: { type: 'wecom-robot', url: { env: 'X' }, onUnknown: 'hold' },
  mail: { type: 'email', onUnknown: 'hold' },
  grades: { type: 'crm-grade', ...zoho },
  tasks: { type: 'crm-task', ...zoho },
} as unknown as Readonly<Record<string, Channel>>;

const grades = ['A', 'B', 'C'].map((id) => ({ id, ranked: true }));
const acting: Acting = {
  tenant: TenantId.parse('default'),
  policy: {
    rules: activeRules([playbook]),
    grades: { m: grades },
    channels,
    wording: { language: 'en', timezone: 'UTC', reasons: () => [], link: () => undefined },
    hash: (text) => `${text.length}`.padStart(32, '0'),
  },
  model: { id: 'm', version: 2, hash: 'h' },
  decides: true,
  now: Date.parse('2026-03-02T09:00:00Z'),
};

const change = (from: string | null, to: string, customers: number, rest: Partial<ChangeKind> = {}): ChangeKind => ({
  ...{ from, to, customers, tags: {}, connection: 'zoho' },
  ...rest,
});

describe('consequencesOf', () => {
  it('counts by channel what each sort of change leads to, windows included, and calls to each CRM', () => {
    const told = consequencesOf(
      [
        change('A', 'C', 100),
        change('C', 'A', 10),
        // customers of a CRM of their own: nothing is written to the other one
        change('A', 'B', 7, { connection: 'shop', tags: { region: 'north' } }),
        change(null, 'B', 3),
      ],
      acting,
    );
    expect(told).toEqual({
      channels: [
        { channel: 'chat', kind: 'alert', deliveries: 100 + 10 + 7 },
        { channel: 'grades', kind: 'grade', deliveries: 100 + 10 + 3 },
        { channel: 'mail', kind: 'alert', deliveries: 7 },
        { channel: 'tasks', kind: 'task', deliveries: 100 },
      ],
      crmCalls: [{ connection: 'zoho', calls: 213 }],
    });
  });

  it('follows rules that name a model only for that model', () => {
    const { channels: sent } = consequencesOf([change('A', 'B', 5)], { ...acting, decides: false });
    expect(sent).toEqual([]);
  });
});
