import type { DemoInvoice } from './read-invoices.ts';
import { salesRepOf } from './sales-reps.ts';
import { type StandInRecord, zohoTime } from './zoho-stand-in/stand-in-records.ts';
import type { ZohoStandIn } from './zoho-stand-in/start-zoho-stand-in.ts';

export interface InvoiceFeed {
  /** Puts one invoice into the CRM, before it the account when its customer was never seen. Nothing for one without customer. */
  put(index: number): Promise<void>;
}

/** Writes invoices, by their place in the list, into the stand-in CRM. Repeating one changes nothing but is told again. */
export const invoiceFeed = (invoices: readonly DemoInvoice[], standIn: Pick<ZohoStandIn, 'put'>): InvoiceFeed => {
  const firstOf = new Map<string, number>();
  for (const [index, { customer }] of invoices.entries())
    if (customer !== undefined && !firstOf.has(customer)) firstOf.set(customer, index);
  return {
    put: async (index) => {
      const invoice = invoices[index];
      if (invoice?.customer === undefined) return;
      const { customer } = invoice;
      if (firstOf.get(customer) === index) await standIn.put('Accounts', accountOf(customer, invoice));
      await standIn.put('Invoices', invoiceOf(customer, invoice));
    },
  };
};

export const customerName = (customer: string): string => `Customer ${customer}`;

/** The shop's number is the account's id, so that a person finds it again. */
const accountOf = (customer: string, { country, at }: DemoInvoice): StandInRecord => {
  const { id, name, email } = salesRepOf(customer, country);
  return {
    id: customer,
    Account_Name: customerName(customer),
    Owner: { id, name, email },
    Billing_Country: country,
    Created_Time: zohoTime(at),
  };
};

const invoiceOf = (customer: string, { number, at, amount }: DemoInvoice): StandInRecord => ({
  id: invoiceId(number),
  Invoice_Number: number,
  Account_Name: { id: customer, name: customerName(customer) },
  Invoice_Date: zohoTime(at),
  Grand_Total: Number(amount),
  Currency: 'GBP',
  Status: 'Approved',
});

/** Zoho's ids are digits: a 2 stands for the C of a credit note. */
const invoiceId = (number: string): string => (number.startsWith('C') ? `2${number.slice(1)}` : `1${number}`);
