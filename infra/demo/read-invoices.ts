import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { Instant } from '../../shared/domain/instant.ts';

/** One row of the invoice file. */
export interface DemoInvoice {
  /** As the shop numbers it; a C stands before credit notes. */
  readonly number: string;
  /** Undefined for a sale over the counter: nobody to grade. */
  readonly customer: string | undefined;
  /** Epoch milliseconds; the file has London's local time. */
  readonly at: Instant;
  readonly country: string;
  /** GBP, as written: negative for a credit note. */
  readonly amount: string;
}

const invoiceFile = fileURLToPath(new URL('../../test/fixtures/online-retail/invoices.csv.gz', import.meta.url));
const header = 'InvoiceNo,CustomerID,InvoiceDate,Country,Lines,Units,Amount';

const Row = z.tuple([
  z.string().regex(/^[A-Z]?\d+$/),
  z.string().regex(/^\d*$/),
  z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  z.string().min(1),
  z.string(),
  z.string(),
  z.string().regex(/^-?\d+(\.\d+)?$/),
]);

/** Every invoice of the file, oldest first. */
export const readInvoices = (file = invoiceFile): readonly DemoInvoice[] => {
  const [first, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split(/\r?\n/);
  if (first !== header) throw new Error(`${file} does not begin with ${header}`);
  const instantOf = londonInstants();
  return lines.map((line) => {
    const [number, customer, date, country, , , amount] = Row.parse(line.split(','));
    return { number, customer: customer === '' ? undefined : customer, at: instantOf(date), country, amount };
  });
};

const hourLength = 'YYYY-MM-DD HH'.length;

/** The clock of London changes at full hours: of each hour the zone is asked once. */
const londonInstants = (): ((local: string) => Instant) => {
  const hours = new Map<string, Instant>();
  return (local) => {
    const hour = local.slice(0, hourLength);
    const start =
      hours.get(hour) ??
      Temporal.PlainDateTime.from(`${hour.replace(' ', 'T')}:00`).toZonedDateTime('Europe/London').epochMilliseconds;
    hours.set(hour, start);
    const [minutes = 0, seconds = 0] = local
      .slice(hourLength + 1)
      .split(':')
      .map(Number);
    return start + minutes * 60_000 + seconds * 1_000;
  };
};
