import * as z from 'zod';
import { RecordMapping } from '../../../definitions/mapping.ts';

const version = 'last_modified_time';
const account = { kind: 'account', id: 'account_id' } as const;
const owner = { owner: 'owner__r.name', ownerId: { path: 'owner', as: 'first' } } as const;
/** Orders and payments that are in force; those under review, invalid or not yet effective do not count. */
const inForce = { life_status: ['normal', 'in_change'] };

/** How FXiaoKe's preset objects become attributes and facts, by API name. Settings may replace each of them. */
export const fxiaokeRecords: Readonly<Record<string, RecordMapping>> = z.record(z.string(), RecordMapping).parse({
  AccountObj: {
    customer: { kind: 'account', id: '_id' },
    version,
    attributes: {
      name: 'name',
      ...owner,
      industry: 'industry_level1',
      accountType: 'account_type',
      accountLevel: 'account_level',
      source: 'account_source',
      dealStatus: 'deal_status',
      region: 'province',
      country: 'country',
      createdAt: { path: 'create_time', as: 'instant' },
      lifecycle: { value: 'customer' },
    },
  },
  LeadsObj: {
    customer: { kind: 'lead', id: '_id' },
    version,
    attributes: {
      name: 'name',
      company: 'company',
      ...owner,
      source: 'source',
      status: 'leads_stage',
      createdAt: { path: 'create_time', as: 'instant' },
      lifecycle: { value: 'lead' },
    },
    facts: [{ type: 'lead.created', at: 'create_time' }],
  },
  SalesOrderObj: {
    customer: account,
    version,
    facts: [
      {
        type: 'order.placed',
        when: inForce,
        at: 'order_time',
        amount: 'order_amount',
        fields: { status: 'order_status' },
      },
    ],
  },
  PaymentObj: {
    customer: account,
    version,
    // the amount's field depends on the version of the tenant: the newer name wins where it is filled
    facts: [
      {
        type: 'payment.received',
        when: { ...inForce, '!payment_amount': [''] },
        at: 'payment_time',
        amount: 'payment_amount',
      },
      { type: 'payment.received', when: { ...inForce, payment_amount: [''] }, at: 'payment_time', amount: 'amount' },
    ],
  },
});
