import { join, relative } from 'node:path';
import type { Announcement } from '../../shared/domain/delivery.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { ConnectionAccount } from '../../shared/ports/record-store.ts';
import { valueFormat } from '../cli/format-values.ts';
import type { DeliveryCount, StatusView } from '../cli/reader.ts';
import type { LoadedWorkspace } from '../node/workspace/load-workspace.ts';
import type { ScreenSettings } from './demo-screen.ts';
import { demoTexts } from './demo-texts.ts';
import { customerName } from './invoice-feed.ts';
import type { DemoInvoice } from './read-invoices.ts';
import type { AlertReceiver } from './start-alert-receiver.ts';
import type { DemoServices } from './start-demo-services.ts';
import type { DemoStock } from './take-stock.ts';

export interface DemoReportSettings {
  readonly language: Language;
  readonly invoices: readonly DemoInvoice[];
  /** As a person would write it. */
  readonly workspaceFile: string;
}

export interface DemoReport {
  readonly lines: Omit<ScreenSettings, 'terminal'>;
  header(values: {
    readonly services: DemoServices;
    readonly loaded: LoadedWorkspace;
    readonly resumed: boolean;
  }): string;
  status(values: { readonly status: StatusView; readonly offered: number; readonly delivered: number }): string;
  summary(values: SummaryParts): string;
}

export interface SummaryParts {
  readonly stock: DemoStock;
  readonly receiver: AlertReceiver;
  readonly offered: number;
  readonly seconds: number;
}

const dayMs = 86_400_000;

/** Turns what is going on into text. */
export const demoReport = ({ language, invoices, workspaceFile }: DemoReportSettings): DemoReport => {
  const texts = demoTexts[language];
  const format = valueFormat(language, 'Europe/London');
  const all = format.number(invoices.length);
  const rate = perSecond();
  const timeOf = (at: number): string => format.instant(at).slice(0, 'YYYY-MM-DD hh:mm'.length);
  return {
    lines: { more: texts.more, nameOf, timeOf: ({ at }) => timeOf(at) },
    header: ({ services, loaded, resumed }) =>
      texts.header({
        invoices: invoices.length,
        days: Math.ceil(((invoices.at(-1)?.at ?? 0) - (invoices[0]?.at ?? 0)) / dayMs),
        node: services.node.url,
        crm: services.standIn.url,
        alerts: services.receiver.url,
        workspace: workspaceFile,
        logFile: relative('.', services.logFile),
        webhook: webhookLines(services.node.url, join(relative('.', loaded.folder), 'secrets', 'shop')),
        resumed,
      }),
    status: ({ status, offered, delivered }) => {
      const number = (channel: string): string => format.number(deliveredOn(status.deliveries, channel));
      return texts.status({
        bar: barOf(invoices.length === 0 ? 1 : offered / invoices.length),
        date: timeOf(status.now),
        done: format.number(offered),
        all,
        changes: number('alerts'),
        tasks: number('tasks'),
        writeBacks: number('grades'),
        perSecond: format.number(rate(delivered)),
      });
    },
    summary: ({ stock, receiver, offered, seconds }) => {
      const { status, grades, customers, entries, faults, offBy } = stock;
      const shares = [...grades].sort(([a], [b]) => (format.grade(a) < format.grade(b) ? -1 : 1));
      return texts.summary({
        grades: shares
          .map(
            ([grade, count]) =>
              `${format.grade(grade)} ${format.number(count)} (${Math.round((count / customers) * 100)} %)`,
          )
          .join(', '),
        customers: format.number(customers),
        invoices: format.number(offered),
        withoutCustomer: format.number(
          invoices.slice(0, offered).filter(({ customer }) => customer === undefined).length,
        ),
        accounts: status.accounts.map((account) => texts.account(accountValues(account, format.number))),
        balanced: offBy === 0,
        entries: format.number(entries),
        faults,
        forged: receiver.refused(),
        deliveries: texts.deliveries({
          alerts: format.number(deliveredOn(status.deliveries, 'alerts')),
          tasks: format.number(deliveredOn(status.deliveries, 'tasks')),
          writeBacks: format.number(deliveredOn(status.deliveries, 'grades')),
        }),
        seconds: format.number(Math.round(seconds)),
        complete: offered === invoices.length,
      });
    },
  };
};

/** The accounts of the stand-in are named after their numbers; those of other connections by their ids. */
const nameOf = ({ customer }: Announcement): string => {
  const [, connection = '', id = ''] = customer.split(':');
  return connection === 'zoho' ? customerName(id) : id;
};

/** An order of today's simulated date, signed as the connection `shop` wants it. */
const webhookLines = (node: string, secretFile: string): string =>
  [
    `NOW=$(curl -s ${node}/health | sed -E 's/.*"businessTime":"([^"]+)".*/\\1/')`,
    `BODY='{"records":[{"type":"customer","id":"acme","name":"Acme Ltd"},{"type":"invoice","id":"inv-1","customer":"acme","paidAt":"'$NOW'","amount":"1250.00"}]}'`,
    `curl -i ${node}/hooks/generic/shop -H 'content-type: application/json' --data-binary "$BODY" \\`,
    `  -H "x-signature: sha256=$(printf %s "$BODY" | openssl dgst -sha256 -hmac "$(cat ${secretFile})" -r | cut -d' ' -f1)"`,
  ]
    .map((line) => `    ${line}\n`)
    .join('');

const deliveredOn = (counts: readonly DeliveryCount[], channel: string): number =>
  counts
    .filter((count) => count.channel === channel && count.status === 'delivered')
    .reduce((sum, { count }) => sum + count, 0);

const accountValues = (account: ConnectionAccount, number: (value: number) => string) => ({
  connection: account.connection,
  received: number(account.received),
  resolved: number(account.resolved),
  coalesced: number(account.coalesced),
  deduplicated: number(account.deduplicated),
  rejected: number(total(account.rejected)),
  onlyEchoes: Object.keys(account.rejected).join() === 'own-write',
  dead: number(total(account.dead)),
  waiting: number(account.waiting),
});

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const barCells = 20;

const barOf = (share: number): string => {
  const full = Math.round(Math.min(1, share) * barCells);
  return `${'█'.repeat(full)}${'░'.repeat(barCells - full)}`;
};

/** By how much a counter grew per second since the last call. */
const perSecond = (): ((count: number) => number) => {
  let last = { count: 0, at: Date.now() };
  return (count) => {
    const seconds = Math.max(0.001, (Date.now() - last.at) / 1_000);
    const grown = Math.round((count - last.count) / seconds);
    last = { count, at: Date.now() };
    return grown;
  };
};
