import type { Language } from '../../../shared/domain/message.ts';
import type { ConnectionAccount } from '../../../shared/ports/record-store.ts';
import { offBy, sumOf } from '../../../shared/usecases/off-by.ts';
import type { CliContext, ExitCode, GlobalOptions } from '../context.ts';
import { deliveryWord } from '../delivery-texts.ts';
import { type ValueFormat, valueFormat } from '../format-values.ts';
import { type Column, printable, printTable } from '../print-table.ts';
import type { DeliveryCount, StatusView } from '../reader.ts';
import { phaseLine } from '../tell-publication.ts';
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
      context.out(
        `${JSON.stringify({ ...view, now, tenant: workspace.tenant, accounts, positions: view.positions ?? null }, null, 2)}\n`,
      );
    } else {
      const { language } = context;
      const page = { format: valueFormat(language, workspace.timezone), texts: statusTexts[language], language };
      context.out(report(view, { tenant: workspace.tenant, zone: workspace.timezone }, page));
    }
    return accounts.every((account) => account.offBy === 0) ? 0 : 1;
  });

interface Heading {
  readonly tenant: string;
  readonly zone: string;
}

/** How the page is written. */
interface Page {
  readonly format: ValueFormat;
  readonly texts: StatusTexts;
  readonly language: Language;
}

const report = (view: StatusView, { tenant, zone }: Heading, page: Page): string => {
  const { format, texts } = page;
  const heading = `${texts.workspace} ${tenant}, ${texts.clock} ${format.instant(view.now)} (${zone})`;
  return [
    `${heading}, ${texts.customers(view.customers === undefined ? '—' : format.number(view.customers))}\n`,
    view.models?.building === undefined ? '' : `${phaseLine(view.models.building, page, format)}\n`,
    section(texts.intake, accountTable(view.accounts, page), texts),
    reasons(view.accounts, page),
    ...Object.entries(view.spilled).map(([name, hints]) => `  ${name}: ${texts.spilled} ${format.number(hints)}\n`),
    ...Object.entries(view.relayed).map(([name, records]) => `  ${name}: ${texts.relayed} ${format.number(records)}\n`),
    section(texts.deliveries, deliveryTable(view.deliveries, page), texts),
    ...view.disabled.map(
      ({ channel, reason, since }) => `  ${printable(texts.disabled(channel, format.instant(since), reason))}\n`,
    ),
    section(texts.stream, lagTable(view, page), texts),
  ].join('');
};

const section = (title: string, table: string, texts: StatusTexts): string =>
  `\n${title}\n${table === '' ? `  ${texts.nothing}\n` : table}`;

const accountTable = (accounts: readonly ConnectionAccount[], { format, texts }: Page): string => {
  if (accounts.length === 0) return '';
  const columns: Column[] = [
    { title: texts.connection },
    ...texts.outcomes.map((title) => ({ title, align: 'right' as const })),
    { title: '' },
  ];
  const rows = accounts.map((account) => {
    const { received, resolved, coalesced, deduplicated, rejected, dead, waiting } = account;
    const counts = [received, resolved, coalesced, deduplicated, sumOf(rejected), sumOf(dead), waiting];
    const difference = offBy(account);
    return [
      account.connection,
      ...counts.map(format.number),
      difference === 0 ? texts.balanced : texts.offBy(format.number(difference)),
    ];
  });
  return printTable(columns, rows);
};

const reasons = (accounts: readonly ConnectionAccount[], { format, texts }: Page): string =>
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

const deliveryTable = (counts: readonly DeliveryCount[], { format, texts, language }: Page): string => {
  if (counts.length === 0) return '';
  const statuses = [...new Set(counts.map(({ status: state }) => state))];
  const channels = [...new Set(counts.map(({ channel }) => channel))];
  const unknowns = counts.some((count) => (count.unknowns ?? 0) > 0);
  const row = (channel: string): string[] => {
    const own = counts.filter((count) => count.channel === channel);
    const ofStatus = statuses.map((state) => own.find((count) => count.status === state)?.count ?? 0);
    const unknown = own.reduce((total, count) => total + (count.unknowns ?? 0), 0);
    return [channel, ...[...ofStatus, ...(unknowns ? [unknown] : [])].map(format.number)];
  };
  const titles = [...statuses.map((state) => deliveryWord(state, language)), ...(unknowns ? [texts.unknowns] : [])];
  return printTable(
    [{ title: texts.channel }, ...titles.map((title) => ({ title, align: 'right' as const }))],
    channels.map(row),
  );
};

const lagTable = ({ positions }: StatusView, { format, texts }: Page): string =>
  positions === undefined
    ? `  ${texts.outOfReach}\n`
    : positions.length === 0
      ? ''
      : printTable(
          [{ title: texts.stage }, { title: texts.topic }, { title: texts.behind, align: 'right' }],
          positions.map(({ group, topic, lag }) => [group, topic, format.number(lag)]),
        );
