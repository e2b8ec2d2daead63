import { createHash } from 'node:crypto';
import { CohortId } from '#shared/domain/cohort.ts';
import { blankActionState } from '../../shared/domain/action.ts';
import type { Cause, GradeChange, GradeName } from '../../shared/domain/change.ts';
import type { Delivery, DeliveryContent } from '../../shared/domain/delivery.ts';
import { CustomerId, TenantId } from '../../shared/domain/ids.ts';
import { activeRules, Playbook } from '../../shared/domain/playbook.ts';
import type { ActingPolicy } from '../../shared/domain/settle.ts';

export const tenant = TenantId.parse('acme');
export const acme = CustomerId.parse('account:zoho-eu:42');
export const other = CustomerId.parse('account:zoho-eu:43');
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
export const hour = 3_600_000;
export const day = 24 * hour;
export const noon = Date.parse('2026-03-02T12:00:00Z');

const order = ['A', 'B', 'C'];
const directionOf = (from: GradeName, to: GradeName): GradeChange['direction'] => {
  if (from === null) return 'initial';
  if (to === null) return 'left';
  return order.indexOf(to) < order.indexOf(from) ? 'up' : 'down';
};

const causes: Record<Cause['type'], Cause> = {
  event: { type: 'event', event: 'e1', record: 'zoho-eu/Invoices/1', facts: ['invoice.paid'] },
  timer: { type: 'timer' },
  model: { type: 'model' },
  displaced: { type: 'displaced', cohort: CohortId.parse('tiers:h:'), version: 2 },
  merge: { type: 'merge', customer: other },
  converted: { type: 'converted', customer: other },
  manual: { type: 'manual', command: 'c1', by: 'ann', why: 'because' },
};

export const change = (
  seq: number,
  from: GradeName,
  to: GradeName,
  more: Partial<GradeChange> & { by?: Cause['type'] } = {},
): GradeChange => {
  const { by = 'event', ...rest } = more;
  return {
    tenant,
    customer: acme,
    seq,
    model: { id: 'value', version: 1, hash: 'h1' },
    decides: true,
    from,
    to,
    direction: directionOf(from, to),
    score: 61.26,
    at: noon,
    cause: causes[by],
    contributions: [{ factor: 'sales', points: 61.26 }],
    tags: { segment: 'wholesale' },
    attributes: { name: 'ACME', ownerEmail: 'rep@example.com', ownerId: '7', region: 'North' },
    ...rest,
  };
};

const texts = (text: string) => ({ zh: text, en: text });

export const playbookOf = (rules: unknown[], id = 'care'): Playbook =>
  Playbook.parse({ apiVersion: 'regrade/v1', kind: 'Playbook', id, rules });

export const alertTo = (channel: string, to: unknown[] = ['owner']) => ({
  alert: { channel, to, title: texts('{{name}}: {{from}} → {{to}}'), text: texts('{{reasons}}') },
});

const env = { env: 'X' };
const channel = { onUnknown: 'resend' } as const;

export const policyOf = (rules: unknown[]): ActingPolicy => ({
  rules: activeRules([playbookOf(rules)]),
  grades: { value: order.map((id) => ({ id, ranked: true })).concat({ id: 'NEW', ranked: false }) },
  channels: {
    team: { type: 'wecom-robot', url: env, ...channel },
    mail: { type: 'email', host: 'localhost', port: 25, secure: false, from: 'grades@example.com', ...channel },
    hook: { type: 'standard-webhook', url: 'https://example.com/', secrets: [env], ...channel },
    tasks: { type: 'crm-task', connection: 'zoho-eu', ...channel },
    grades: { type: 'crm-grade', connection: 'zoho-eu', ...channel },
    'grades-cn': { type: 'crm-grade', connection: 'fxiaoke-cn', ...channel },
  },
  wording: {
    language: 'en',
    timezone: 'Asia/Shanghai',
    reasons: ({ from, to }) => [`from ${from ?? 'none'} to ${to ?? 'none'}`],
    link: () => undefined,
  },
  hash: sha256,
});

export const blank = blankActionState(tenant, acme);

const alertContent = (title: string, recipients: string[]): DeliveryContent => ({
  kind: 'alert',
  recipients,
  title,
  text: 'because',
  announcement: {
    change: `${acme}#1`,
    customer: acme,
    from: 'B',
    to: 'A',
    direction: 'up',
    score: 61.26,
    model: { id: 'value', version: 1, hash: 'h1' },
    reasons: ['because'],
    tags: {},
    at: noon,
  },
});

export const deliveryOf = (name: string, more: Partial<Delivery> = {}): Delivery => ({
  id: `act_${sha256(name).slice(0, 32)}`,
  customer: acme,
  channel: 'team',
  rule: 'care/down',
  change: `${acme}#1`,
  content: alertContent(name, ['rep@example.com']),
  status: 'pending',
  attempts: 0,
  unknowns: 0,
  dueAt: 0,
  createdAt: noon,
  ...more,
});

export const alertOf = (name: string, recipients: string[], more: Partial<Delivery> = {}): Delivery =>
  deliveryOf(name, { content: alertContent(name, recipients), ...more });

export const gradeOf = (name: string, grade: string, more: Partial<Delivery> = {}): Delivery =>
  deliveryOf(name, { channel: 'grades', content: { kind: 'grade', grade, score: 1, at: noon }, ...more });
