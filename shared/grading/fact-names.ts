import type { Language } from '../domain/message.ts';

interface FactName {
  readonly en: readonly [one: string, several: string];
  readonly zh: string;
}

/** What people call the facts that most models look at. */
const names: Readonly<Record<string, FactName>> = {
  'call.completed': { en: ['call', 'calls'], zh: '通话' },
  'complaint.opened': { en: ['complaint', 'complaints'], zh: '投诉' },
  'deal.won': { en: ['won deal', 'won deals'], zh: '赢单' },
  'demo.requested': { en: ['request for a demo', 'requests for a demo'], zh: '演示申请' },
  'email.opened': { en: ['opened e-mail', 'opened e-mails'], zh: '邮件打开' },
  'email.replied': { en: ['reply by e-mail', 'replies by e-mail'], zh: '邮件回复' },
  'form.submitted': { en: ['submitted form', 'submitted forms'], zh: '表单提交' },
  'invoice.paid': { en: ['paid invoice', 'paid invoices'], zh: '付款' },
  'invoice.refunded': { en: ['refund', 'refunds'], zh: '退款' },
  'meeting.held': { en: ['meeting', 'meetings'], zh: '会面' },
  'order.cancelled': { en: ['cancelled order', 'cancelled orders'], zh: '订单取消' },
  'payment.received': { en: ['payment', 'payments'], zh: '付款' },
  'quote.requested': { en: ['request for a quote', 'requests for a quote'], zh: '报价申请' },
  'survey.answered': { en: ['answered survey', 'answered surveys'], zh: '问卷答复' },
  'trial.started': { en: ['trial', 'trials'], zh: '试用' },
};

/** In words, in the plural where there are several; a type that is a company's own as it is written. */
export const factName = (type: string, count: number, language: Language): string => {
  const name = Object.hasOwn(names, type) ? names[type] : undefined;
  if (name === undefined) return language === 'zh' ? ` ${type} ` : type;
  return language === 'zh' ? name.zh : name.en[count === 1 ? 0 : 1];
};
