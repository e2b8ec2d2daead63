import * as z from 'zod';
import { RecordMapping } from '../../../definitions/mapping.ts';

const version = 'Modified_Time';
const account = { kind: 'account', id: 'Account_Name.id' } as const;
const owner = { owner: 'Owner.name', ownerId: 'Owner.id', ownerEmail: 'Owner.email' };

/** How Zoho CRM's standard modules become attributes and facts, by API name. Settings may replace each of them. */
export const zohoRecords: Readonly<Record<string, RecordMapping>> = z.record(z.string(), RecordMapping).parse({
  Accounts: {
    customer: { kind: 'account', id: 'id' },
    version,
    attributes: {
      name: 'Account_Name',
      ...owner,
      industry: 'Industry',
      accountType: 'Account_Type',
      region: 'Billing_State',
      country: 'Billing_Country',
      employees: { path: 'Employees', as: 'number' },
      annualRevenue: { path: 'Annual_Revenue', as: 'number' },
      createdAt: { path: 'Created_Time', as: 'instant' },
      lifecycle: { value: 'customer' },
    },
  },
  Leads: {
    customer: { kind: 'lead', id: 'id' },
    version,
    convertedTo: { kind: 'account', id: 'Converted_Account.id' },
    attributes: {
      name: 'Full_Name',
      company: 'Company',
      ...owner,
      industry: 'Industry',
      source: 'Lead_Source',
      status: 'Lead_Status',
      region: 'State',
      country: 'Country',
      employees: { path: 'No_of_Employees', as: 'number' },
      annualRevenue: { path: 'Annual_Revenue', as: 'number' },
      converted: { path: 'Converted__s', as: 'boolean' },
      createdAt: { path: 'Created_Time', as: 'instant' },
      lifecycle: { value: 'lead' },
    },
    facts: [{ type: 'lead.created', at: 'Created_Time' }],
  },
  // what belongs to an account says things about it in facts only: its attributes are the account's own
  Contacts: { customer: account, version, facts: [{ type: 'contact.added', at: 'Created_Time' }] },
  Deals: {
    customer: account,
    version,
    facts: [
      { type: 'deal.opened', at: 'Created_Time', ...dealAmount() },
      { type: 'deal.won', when: { Stage: ['Closed Won'] }, at: 'Closing_Date', ...dealAmount() },
      {
        type: 'deal.lost',
        when: { Stage: ['Closed Lost', 'Closed Lost to Competition', 'Closed-Lost to Competition'] },
        at: 'Closing_Date',
        ...dealAmount(),
      },
    ],
  },
  Invoices: {
    customer: account,
    version,
    keepIf: { '!Status': ['Draft', 'Cancelled', 'Canceled', 'Void'] },
    facts: [
      { type: 'invoice.paid', ...invoiceTotal(), sign: 'positive' },
      { type: 'invoice.refunded', ...invoiceTotal(), sign: 'negative', absolute: true },
    ],
  },
});

function dealAmount() {
  return { amount: 'Amount', currency: 'Currency', fields: { stage: 'Stage' } };
}

function invoiceTotal() {
  return { at: 'Invoice_Date', amount: 'Grand_Total', currency: 'Currency' };
}
