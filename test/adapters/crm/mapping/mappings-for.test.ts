import { describe, expect, it } from 'vitest';
import { mappingsFor } from '#shared/adapters/crm/mappings-for.ts';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { Connection } from '#shared/definitions/workspace.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import { createMapper } from '#shared/domain/mapping.ts';
import type { RecordContent } from '#shared/domain/mapping-outcome.ts';

const observe = (vendor: 'zoho' | 'fxiaoke', object: string, content: RecordContent) => {
  const mapper = createMapper({
    records: mappingsFor({ vendor, records: {} }),
    connection: ConnectionId.parse('crm'),
    currency: 'CNY',
    timezone: 'Asia/Shanghai',
  });
  return mapper.observe(object, '1', content);
};

const zohoBase = { id: '1', Created_Time: '2026-05-01T09:00:00+08:00', Modified_Time: '2026-05-14T12:52:27+03:00' };
const modified = Date.parse('2026-05-14T09:52:27Z');
const localDay = (date: string) => Date.parse(`${date}T00:00:00+08:00`);

describe('the standard records of Zoho', () => {
  it('make an account a customer with attributes', () => {
    const owner = { name: 'Ada', id: '99', email: 'ada@example.com' };
    const content = {
      ...zohoBase,
      Account_Name: 'Acme',
      Owner: owner,
      Industry: 'Retail',
      Employees: 40,
      Billing_Country: 'CN',
      Annual_Revenue: 1e6,
    };
    expect(observe('zoho', 'Accounts', content)).toMatchObject({
      customer: 'account:crm:1',
      source: modified,
      attributes: {
        name: 'Acme',
        owner: 'Ada',
        ownerId: '99',
        ownerEmail: 'ada@example.com',
        industry: 'Retail',
        country: 'CN',
        employees: 40,
        annualRevenue: 1_000_000,
        lifecycle: 'customer',
      },
      facts: [],
    });
  });

  it('make a lead a customer of its own', () => {
    const content = { ...zohoBase, Full_Name: 'Wu Lei', Company: 'Star', No_of_Employees: null };
    expect(observe('zoho', 'Leads', content)).toMatchObject({
      customer: 'lead:crm:1',
      attributes: { name: 'Wu Lei', company: 'Star', lifecycle: 'lead' },
      facts: [{ type: 'lead.created', at: Date.parse('2026-05-01T01:00:00Z') }],
    });
  });

  it('make a lead that was converted part of its account', () => {
    const lead = { ...zohoBase, Full_Name: 'Wu Lei' };
    expect(observe('zoho', 'Leads', { ...lead, Converted_Account: { id: '42', name: 'Acme' } })).toMatchObject({
      customer: 'lead:crm:1',
      becomes: { customer: 'account:crm:42', as: 'converted' },
    });
    expect(observe('zoho', 'Leads', { ...lead, Converted_Account: null })).not.toHaveProperty('becomes');
  });

  it('count a contact for its account, without touching the attributes of the account', () => {
    const content = { ...zohoBase, Last_Name: 'Wu', Account_Name: { name: 'Acme', id: '42' } };
    expect(observe('zoho', 'Contacts', content)).toMatchObject({
      customer: 'account:crm:42',
      attributes: {},
      facts: [{ type: 'contact.added' }],
    });
    expect(observe('zoho', 'Contacts', { ...zohoBase, Account_Name: null })).toMatchObject({ reason: 'no-customer' });
  });

  it.each([
    ['Qualification', ['deal.opened']],
    ['Closed Won', ['deal.opened', 'deal.won']],
    ['Closed Lost', ['deal.opened', 'deal.lost']],
  ])('read a deal at stage %s as %j', (Stage, types) => {
    const content = { ...zohoBase, Stage, Amount: 10_000, Closing_Date: '2026-06-30', Account_Name: { id: '42' } };
    const observed = observe('zoho', 'Deals', content);
    expect(observed).toMatchObject({
      customer: 'account:crm:42',
      facts: types.map((type) => ({ type, amount: { units: 10_000 } })),
    });
    if (types.length === 2) expect(observed).toMatchObject({ facts: [{}, { at: localDay('2026-06-30') }] });
  });

  it('read an invoice as paid, one below zero as refunded, and a cancelled one as none', () => {
    const invoice = { ...zohoBase, Invoice_Date: '2026-06-01', Account_Name: { id: '42' }, Status: 'Approved' };
    const at = localDay('2026-06-01');
    expect(observe('zoho', 'Invoices', { ...invoice, Grand_Total: 99.5 })).toMatchObject({
      facts: [{ type: 'invoice.paid', at, amount: { units: 995, scale: 1, currency: 'CNY' } }],
    });
    expect(observe('zoho', 'Invoices', { ...invoice, Grand_Total: -20 })).toMatchObject({
      facts: [{ type: 'invoice.refunded', at, amount: { units: 20 } }],
    });
    expect(observe('zoho', 'Invoices', { ...invoice, Status: 'Cancelled' })).toMatchObject({ reason: 'filtered' });
  });
});

describe('the standard records of FXiaoKe', () => {
  const base = { _id: '64ab', create_time: 1_699_977_600_000, last_modified_time: 1_700_000_000_000 };

  it('make an account a customer with attributes', () => {
    const content = {
      ...base,
      name: '华东贸易',
      owner: ['1000'],
      owner__r: { name: '王芳' },
      industry_level1: 'retail',
      province: '31',
    };
    expect(observe('fxiaoke', 'AccountObj', content)).toMatchObject({
      customer: 'account:crm:64ab',
      source: 1_700_000_000_000,
      attributes: { name: '华东贸易', owner: '王芳', ownerId: '1000', industry: 'retail', lifecycle: 'customer' },
    });
  });

  it('count an order only while it is in force', () => {
    const order = { ...base, account_id: 'a1', order_time: 1_699_977_600_000, order_amount: '120000.00' };
    expect(observe('fxiaoke', 'SalesOrderObj', { ...order, life_status: 'normal' })).toMatchObject({
      customer: 'account:crm:a1',
      facts: [{ type: 'order.placed', at: 1_699_977_600_000, amount: { units: 120_000, scale: 0 } }],
    });
    expect(observe('fxiaoke', 'SalesOrderObj', { ...order, life_status: 'under_review' })).toMatchObject({ facts: [] });
  });

  it('find the amount of a payment under either of its names, and count it once', () => {
    const payment = { ...base, account_id: 'a1', life_status: 'normal', payment_time: 1_699_977_600_000 };
    expect(observe('fxiaoke', 'PaymentObj', { ...payment, amount: '5.5' })).toMatchObject({
      facts: [{ type: 'payment.received', amount: { units: 55, scale: 1 } }],
    });
    const both = observe('fxiaoke', 'PaymentObj', { ...payment, payment_amount: '7', amount: '5.5' });
    expect(both).toMatchObject({ facts: [{ amount: { units: 7 } }] });
  });
});

describe('mappingsFor', () => {
  const own = { customer: { kind: 'account' as const, id: 'id' } };

  it('replaces, adds and switches off what the settings say', () => {
    const connection = Connection.parse({
      vendor: 'zoho',
      dataCentre: 'eu',
      records: { Deals: own, Contacts: null, Visits__c: own },
    });
    const mappings = mappingsFor(connection);
    expect(Object.keys(mappings).sort()).toEqual(['Accounts', 'Deals', 'Invoices', 'Leads', 'Visits__c']);
    expect(mappings['Deals']).toEqual(RecordMapping.parse(own));
  });

  it('knows nothing of a generic sender but what the settings say', () => {
    expect(mappingsFor({ vendor: 'generic', records: { order: RecordMapping.parse(own) } })).toEqual({
      order: RecordMapping.parse(own),
    });
  });
});
