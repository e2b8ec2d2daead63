import { isOutside } from '../../shared/domain/customer-state.ts';
import { profileOfCustomer } from '../../shared/domain/handed-records.ts';
import { isOfKind } from '../../shared/domain/ids.ts';
import type { ReplayedEvent } from '../../shared/grading/backtest/replay.ts';
import type { Model } from '../../shared/grading/model.ts';
import { type FactsFormat, type KnownColumn, knownColumns } from '../node/history/facts-columns.ts';
import { type ReadFacts, readFactsFile } from '../node/history/read-facts.ts';
import { unreadableText } from '../node/workspace/file-reader.ts';
import { backtestTexts } from './backtest-texts.ts';
import type { CliContext, GlobalOptions } from './context.ts';
import { engineAsked } from './engine-asked.ts';
import { openWorkspace } from './open-workspace.ts';
import { printable } from './print-table.ts';

export interface HistoryOptions extends GlobalOptions {
  /** A CSV file of facts; without it what the store of the workspace holds. */
  readonly facts?: string;
  /** `customer=CustomerID,at=InvoiceDate` */
  readonly columns?: string;
  readonly type?: string;
  readonly currency?: string;
}

export interface History {
  /** By their instants. */
  readonly events: readonly ReplayedEvent[];
  readonly withoutCustomer: number;
}

/** What a history is read for. */
export type Reading = Pick<Model, 'timezone' | 'subject' | 'currency'>;

/** What happened, or nothing after it was told why that cannot be read. */
export const readHistory = (
  context: CliContext,
  options: HistoryOptions,
  model: Reading,
): Promise<History | undefined> =>
  options.facts === undefined
    ? readStored(context, options, model)
    : readFile(context, { ...options, facts: options.facts }, model);

const readFile = async (
  context: CliContext,
  options: HistoryOptions & { readonly facts: string },
  { timezone, subject, currency }: Reading,
): Promise<History | undefined> => {
  const { language, err } = context;
  const texts = backtestTexts[language];
  const columns = readColumns(options.columns ?? '');
  if (columns === undefined) {
    err(`regrade: ${texts.oddColumns(printable(options.columns ?? ''), knownColumns.join(', '))}`);
    return undefined;
  }
  if (options.currency !== undefined && options.currency !== currency) {
    err(`regrade: ${texts.otherCurrency(printable(options.currency), currency)}`);
    return undefined;
  }
  const read = await readOrTell(context, options.facts, { columns, timezone, subject, currency, type: options.type });
  if (read === undefined || read.outcome === 'read') return read;
  const file = printable(options.facts);
  for (const { line, ...fault } of read.faults) err(`${file}:${line}: ${printable(texts.fault(fault))}\n`);
  return undefined;
};

const readOrTell = async (
  { language, err }: CliContext,
  file: string,
  format: FactsFormat,
): Promise<ReadFacts | undefined> => {
  try {
    return await readFactsFile(file, format);
  } catch (error) {
    err(`regrade: ${printable(unreadableText(file, error, language))}\n`);
    return undefined;
  }
};

const readColumns = (text: string): FactsFormat['columns'] | undefined => {
  const columns: Partial<Record<KnownColumn, string>> = {};
  for (const part of text.split(',').filter((each) => each.trim() !== '')) {
    const [name, header] = part.split('=', 2).map((each) => each.trim());
    const column = knownColumns.find((known) => known === name);
    if (column === undefined || header === undefined || header === '') return undefined;
    columns[column] = header;
  }
  return columns;
};

/** Facts as the records tell them now; attributes are those of today all the time. */
const readStored = async (
  context: CliContext,
  options: HistoryOptions,
  { subject }: Reading,
): Promise<History | undefined> => {
  const loaded = await openWorkspace(context, { ...options, starting: false });
  if (loaded === undefined) return undefined;
  const population = await context.openPopulation(loaded, engineAsked(context, loaded, options));
  const events: ReplayedEvent[] = [];
  try {
    for await (const page of population.pages())
      for (const state of page.filter((each) => !isOutside(each) && isOfKind(each.customer, subject))) {
        const { customer } = state;
        const { attributes, facts } = profileOfCustomer(state);
        for (const [index, fact] of facts.entries())
          events.push(index === 0 ? { customer, fact, attributes } : { customer, fact });
      }
  } finally {
    population.close();
  }
  return { events: events.sort(byInstant), withoutCustomer: 0 };
};

/** Of one instant by customer: a store has no order of its own. A customer's own facts keep theirs. */
const byInstant = (a: ReplayedEvent, b: ReplayedEvent): number =>
  a.fact.at - b.fact.at || (a.customer < b.customer ? -1 : a.customer > b.customer ? 1 : 0);
