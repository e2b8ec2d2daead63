import type { ConnectionAccount } from '../../../shared/ports/record-store.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { type Column, printTable } from '../print-table.ts';
import type { DeliveryCount, StatusView } from '../reader.ts';
import { withReader } from '../with-reader.ts';
import { type StatusTexts, statusTexts } from './status-texts.ts';

export interface StatusOptions extends GlobalOptions {
  readonly json: boolean;
}

/** What came in, what became of it, what is on its way. An account that does not balance is exit code 1. */
export const status = (context: CliContext, options: StatusOptions): Promise<ExitCode> =>
  withReader(context, options, async (reader, { workspace }) => {
    const view = await reader.readStatus();
    const accounts = view.accounts.map((account) => ({ ...account, offBy: offBy(account) }));
    if (options.json) {
      const now = new Date(view.now).toISOString();
      context.out(`${JSON.stringify({ ...view, now, tenant: workspace.tenant, accounts }, null, 2)}\n`);
    } else {
      const format = valueFormat(context.language, workspace.timezone);
      const heading = { tenant: workspace.tenant, zone: workspace.timezone };
      context.out(report(view, heading, format, statusTexts[context.language]));
    }
    return accounts.every((account) => account.offBy === 0) ? 0 : 1;
  });

/** Received minus everything that became of it: 0 when every hint is accounted for. */
export const offBy = (account: ConnectionAccount): number =>
  account.received -
  (account.resolved +
    account.coalesced +
    account.deduplicated +
    sum(account.rejected) +
    sum(account.dead) +
    account.waiting);

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

interface Heading {
  readonly tenant: string;
  readonly zone: string;
}

const report = (view: StatusView, { tenant, zone }: Heading, format: ValueFormat, texts: StatusTexts): string =>
  [
    `${texts.workspace} ${tenant}, ${texts.clock} ${format.instant(view.now)} (${zone}), ${texts.customers(format.number(view.customers))}\n`,
    section(texts.intake, accountTable(view.accounts, format, texts), texts),
    reasons(view.accounts, format, texts),
    section(texts.deliveries, deliveryTable(view.deliveries, format, texts), texts),
    section(texts.stream, lagTable(view, format, texts), texts),
  ].join('');

const section = (title: string, table: string, texts: StatusTexts): string =>
  `\n${title}\n${table === '' ? `  ${texts.nothing}\n` : table}`;

const accountTable = (accounts: readonly ConnectionAccount[], format: ValueFormat, texts: StatusTexts): string => {
  if (accounts.length === 0) return '';
  const columns: Column[] = [
    { title: texts.connection },
    ...texts.outcomes.map((title) => ({ title, align: 'right' as const })),
    { title: '' },
  ];
  const rows = accounts.map((account) => {
    const { received, resolved, coalesced, deduplicated, rejected, dead, waiting } = account;
    const counts = [received, resolved, coalesced, deduplicated, sum(rejected), sum(dead), waiting];
    const difference = offBy(account);
    return [
      account.connection,
      ...counts.map(format.number),
      difference === 0 ? texts.balanced : texts.offBy(format.number(difference)),
    ];
  });
  return printTable(columns, rows);
};

const reasons = (accounts: readonly ConnectionAccount[], format: ValueFormat, texts: StatusTexts): string =>
  accounts
    .flatMap(({ connection, rejected, dead }) => [
      ...Object.entries(rejected).map(
        ([reason, count]) => `  ${connection}: ${texts.rejected} ${reason} ${format.number(count)}\n`,
      ),
      ...Object.entries(dead).map(
        ([reason, count]) => `  ${connection}: ${texts.dead} ${reason} ${format.number(count)}\n`,
      ),
    ])
    .join('');

const deliveryTable = (counts: readonly DeliveryCount[], format: ValueFormat, texts: StatusTexts): string => {
  if (counts.length === 0) return '';
  const statuses = [...new Set(counts.map((count) => count.status))];
  const channels = [...new Set(counts.map((count) => count.channel))];
  const countOf = (channel: string, state: string): number =>
    counts
      .filter((count) => count.channel === channel && count.status === state)
      .reduce((total, { count }) => total + count, 0);
  const columns: Column[] = [
    { title: texts.channel },
    ...statuses.map((state) => ({ title: texts.statuses[state] ?? state, align: 'right' as const })),
  ];
  return printTable(
    columns,
    channels.map((channel) => [channel, ...statuses.map((state) => format.number(countOf(channel, state)))]),
  );
};

const lagTable = ({ positions }: StatusView, format: ValueFormat, texts: StatusTexts): string =>
  positions.length === 0
    ? ''
    : printTable(
        [{ title: texts.stage }, { title: texts.topic }, { title: texts.behind, align: 'right' }],
        positions.map(({ group, topic, lag }) => [group, topic, format.number(lag)]),
      );
