import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type Fact, FactType, Scalar } from '../../../shared/domain/fact.ts';
import { ConnectionId, CustomerId, customerIdOf } from '../../../shared/domain/ids.ts';
import { createInstantReader, type InstantReader } from '../../../shared/domain/mapping-instant.ts';
import { parseMoney } from '../../../shared/domain/money.ts';
import type { ReplayedEvent } from '../../../shared/grading/backtest/replay.ts';
import { CsvFault, type CsvRow, csvRows } from './csv-rows.ts';
import { type FactsFault, type FactsFormat, type FactsHeader, type KnownColumn, readHeader } from './facts-columns.ts';

export type ReadFacts =
  | {
      readonly outcome: 'read';
      /** By their instants; those of one instant in the order of the file. */
      readonly events: readonly ReplayedEvent[];
      /** Rows that name no customer: there is nobody to grade. */
      readonly withoutCustomer: number;
    }
  | { readonly outcome: 'faulty'; readonly faults: readonly FactsFault[] };

/** So many faults are told at once. */
const mostFaults = 20;

/** A customer that is no full id of a CRM is one of this file. */
const connection = ConnectionId.parse('csv');

/** Reads a CSV file of facts, one a row; packed by gzip where its name ends so. Rejects with the system's error. */
export const readFactsFile = (file: string, format: FactsFormat): Promise<ReadFacts> => readFacts(textOf(file), format);

/** As {@link readFactsFile}, for text that comes in pieces. */
export const readFacts = async (
  pieces: AsyncIterable<string> | Iterable<string>,
  format: FactsFormat,
): Promise<ReadFacts> => {
  const gathered: Gathered = { events: [], faults: [], withoutCustomer: 0 };
  try {
    await gather(csvRows(pieces), format, gathered);
  } catch (error) {
    if (!(error instanceof CsvFault)) throw error;
    gathered.faults.push({ line: error.line, fault: error.fault });
  }
  const { events, faults, withoutCustomer } = gathered;
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return { outcome: 'read', events: events.sort((a, b) => a.fact.at - b.fact.at), withoutCustomer };
};

async function* textOf(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const bytes of bytesOf(file)) yield decodeNext(decoder, bytes);
  yield decodeNext(decoder);
}

const bytesOf = (file: string): AsyncIterable<Uint8Array> => {
  const bytes = createReadStream(file);
  if (!file.endsWith('.gz')) return bytes;
  const plain = createGunzip();
  bytes.on('error', (error) => plain.destroy(error));
  return bytes.pipe(plain);
};

/** Without bytes: there are no more of them, and half a character is none. */
const decodeNext = (decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): string => {
  try {
    return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (cause) {
    if (cause instanceof TypeError) throw new CsvFault('not-text', 1);
    throw cause;
  }
};

interface Gathered {
  readonly events: ReplayedEvent[];
  readonly faults: FactsFault[];
  withoutCustomer: number;
}

const gather = async (rows: AsyncIterable<CsvRow>, format: FactsFormat, gathered: Gathered): Promise<void> => {
  const instants = createInstantReader(format.timezone, format.timezone);
  let header: FactsHeader | undefined;
  for await (const row of rows) {
    if (header === undefined) {
      const read = readHeader(row.cells, row.line, format);
      if ('fault' in read) {
        gathered.faults.push(read);
        return;
      }
      header = read;
      continue;
    }
    takeRow(row, { header, format, instants }, gathered);
    if (gathered.faults.length >= mostFaults) return;
  }
  if (header === undefined) gathered.faults.push({ line: 1, fault: 'empty' });
};

interface Reading {
  readonly header: FactsHeader;
  readonly format: FactsFormat;
  readonly instants: InstantReader;
}

const takeRow = ({ line, cells }: CsvRow, reading: Reading, gathered: Gathered): void => {
  const { width, places } = reading.header;
  if (cells.length !== width) {
    gathered.faults.push({ line, fault: 'cells', value: `${cells.length} ≠ ${width}` });
    return;
  }
  const name = (cells[places.customer ?? -1] ?? '').trim();
  if (name === '') {
    gathered.withoutCustomer += 1;
    return;
  }
  const read = readEvent(name, cells, reading);
  if ('fault' in read) gathered.faults.push({ line, ...read });
  else gathered.events.push(read);
};

type RowFault = Omit<FactsFault, 'line'>;

const readEvent = (
  name: string,
  cells: readonly string[],
  { header, format, instants }: Reading,
): ReplayedEvent | RowFault => {
  const cell = (column: KnownColumn): string => (cells[header.places[column] ?? -1] ?? '').trim();
  const wrong = (fault: KnownColumn, value = cell(fault)): RowFault => ({
    fault,
    column: format.columns[fault] ?? fault,
    value,
  });
  const customer = customerOf(name, format);
  if (customer === undefined) return wrong('customer');
  const type = FactType.safeParse(header.places.type === undefined ? format.type : cell('type'));
  if (!type.success) return wrong('type', header.places.type === undefined ? (format.type ?? '') : cell('type'));
  const at = instants.instantOf(cell('at'));
  if (at === undefined) return wrong('at');
  const currency = cell('currency');
  if (currency !== '' && currency !== format.currency) return wrong('currency');
  const amount = cell('amount') === '' ? undefined : parseMoney(cell('amount'), format.currency);
  if (amount === undefined && cell('amount') !== '') return wrong('amount');
  const fields = valuesOf(header.fields, cells);
  const attributes = valuesOf(header.attributes, cells);
  if ('fault' in fields) return fields.fault;
  if ('fault' in attributes) return attributes.fault;
  const fact: Fact = {
    ...{ type: type.data, at },
    ...(amount === undefined ? {} : { amount }),
    ...(fields.values === undefined ? {} : { fields: fields.values }),
  };
  return { customer, fact, ...(attributes.values === undefined ? {} : { attributes: attributes.values }) };
};

const customerOf = (name: string, { subject }: FactsFormat): CustomerId | undefined => {
  const full = CustomerId.safeParse(name);
  if (full.success) return full.data;
  return name.length > longestOwnId ? undefined : customerIdOf(subject, connection, name);
};

/** With kind and connection before it an id still fits. */
const longestOwnId = 180;

type Values = { readonly values: Record<string, Scalar> | undefined } | { readonly fault: RowFault };

const valuesOf = (columns: FactsHeader['fields'], cells: readonly string[]): Values => {
  let values: Record<string, Scalar> | undefined;
  for (const { place, name } of columns) {
    const text = cells[place] ?? '';
    if (text === '') continue;
    const value = Scalar.safeParse(scalarOf(text));
    if (!value.success) return { fault: { fault: 'field', column: name, value: `${text.slice(0, 40)}…` } };
    values ??= {};
    values[name] = value.data;
  }
  return { values };
};

/** A number only where its digits are what a number would be written as: 00123 is an id. */
const scalarOf = (text: string): Scalar => {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return text !== '' && Number.isFinite(number) && String(number) === text ? number : text;
};
