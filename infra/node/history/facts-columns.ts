import type { SubjectKind } from '../../../shared/domain/ids.ts';

/** What a file of facts may say in columns of its own; every further column is a field of the fact. */
export const knownColumns = ['customer', 'type', 'at', 'amount', 'currency'] as const;
export type KnownColumn = (typeof knownColumns)[number];

/** How a file of facts is read. */
export interface FactsFormat {
  /** The header of a column that is named otherwise in the file. */
  readonly columns: Readonly<Partial<Record<KnownColumn, string>>>;
  /** The type of every fact, where there is no column for it. */
  readonly type?: string | undefined;
  /** Amounts are in this one; a fact in another cannot be counted. */
  readonly currency: string;
  /** IANA name: whose clock times without an offset show. */
  readonly timezone: string;
  /** What a customer without a full id is. */
  readonly subject: SubjectKind;
}

/** What is wrong with a file of facts. `line` counts from 1. */
export interface FactsFault {
  readonly line: number;
  readonly fault:
    | 'empty'
    | 'no-column'
    | 'open-quote'
    | 'after-quote'
    | 'not-text'
    | 'cells'
    | 'type'
    | 'at'
    | 'amount'
    | 'currency'
    | 'customer'
    | 'field';
  /** The column's header, where one is meant. */
  readonly column?: string;
  /** What stands there, or what is missing. */
  readonly value?: string;
}

/** Where each known column stands, and what the others are. */
export interface FactsHeader {
  readonly width: number;
  readonly places: Readonly<Partial<Record<KnownColumn, number>>>;
  readonly fields: readonly { readonly place: number; readonly name: string }[];
  /** Columns named `attributes.x`: x of the customer from then on. */
  readonly attributes: readonly { readonly place: number; readonly name: string }[];
}

const attributePrefix = 'attributes.';
const longestName = 64;

/** Reads the first line. A column that is asked for and not there is a fault. */
export const readHeader = (
  cells: readonly string[],
  line: number,
  { columns, type }: FactsFormat,
): FactsHeader | FactsFault => {
  const names = cells.map((cell) => cell.trim());
  const places: Partial<Record<KnownColumn, number>> = {};
  for (const column of knownColumns) {
    const header = columns[column] ?? column;
    const place = names.indexOf(header);
    const isNeeded = columns[column] !== undefined || column === 'customer' || column === 'at' || column === 'type';
    if (place >= 0) places[column] = place;
    else if (isNeeded && !(column === 'type' && type !== undefined)) return { line, fault: 'no-column', value: header };
  }
  const known = new Set(Object.values(places));
  const rest = names
    .map((name, place) => ({ name, place }))
    .filter(({ place, name }) => !known.has(place) && name !== '');
  const odd = rest.find(({ name }) => name.length > longestName || name === attributePrefix);
  if (odd !== undefined) return { line, fault: 'field', column: odd.name, value: odd.name };
  return {
    width: cells.length,
    places,
    fields: rest.filter(({ name }) => !name.startsWith(attributePrefix)),
    attributes: rest
      .filter(({ name }) => name.startsWith(attributePrefix))
      .map(({ name, place }) => ({ place, name: name.slice(attributePrefix.length) })),
  };
};
