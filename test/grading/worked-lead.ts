import type { Fact } from '#shared/domain/fact.ts';
import { instant, profile } from './model-files.ts';

/** The instant at which the lead of the worked example is graded. */
export const leadGradedAt = instant('2026-03-02T09:00:00+08:00');
const msPerDay = 86_400_000;

export const daysAgo = (days: number, type: string): Fact => ({ type, at: leadGradedAt - days * msPerDay });

/** The lead that the model of prospects is explained by. */
export const workedLead = profile(
  [
    daysAgo(6, 'quote.requested'),
    daysAgo(3, 'meeting.held'),
    daysAgo(10, 'call.completed'),
    daysAgo(1, 'email.replied'),
  ],
  {
    lifecycle: 'lead',
    employees: 320,
    industryStanding: 'major',
    companyKind: 'private',
    budgetBase: 300_000,
    statedInterest: 'high',
    decisionInDays: 60,
    needState: 'confirmed',
    productFit: 'full',
  },
);
