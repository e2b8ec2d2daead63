import { limits } from '../definitions/limits.ts';
import type { RecordMapping } from '../definitions/mapping.ts';
import type { Attributes, Fact } from './fact.ts';
import { type ConnectionId, CustomerId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Converting } from './mapping-conversion.ts';
import { compileFact, type FactRead } from './mapping-fact.ts';
import { compileFilter } from './mapping-filter.ts';
import { createInstantReader, type InstantReader } from './mapping-instant.ts';
import type { Mapper, Observed, RecordContent, Unreadable } from './mapping-outcome.ts';
import { compileAttribute, presentAt } from './mapping-values.ts';
import type { Becomes } from './merge.ts';
import { textAt } from './path.ts';

export interface MapperSettings extends Converting {
  /** By the CRM's own name of the object: `Invoices`, `AccountObj`. */
  readonly records: Readonly<Record<string, RecordMapping>>;
  readonly connection: ConnectionId;
  /** IANA name; a date without a time means midnight there. */
  readonly timezone: string;
  /** IANA name: where the clock stands that this connection's times without an offset were read from. Absent: they are none. */
  readonly sourceTimezone?: string | undefined;
}

/**
 * Compiles the mappings of one connection. `observe` is pure and never throws, whatever JSON it is given.
 *
 * @throws {RangeError} for a zone that does not exist.
 */
export const createMapper = (settings: MapperSettings): Mapper => {
  const { records, timezone, sourceTimezone } = settings;
  const instants = createInstantReader(timezone, sourceTimezone);
  const readers = new Map(
    Object.entries(records).map(([object, mapping]) => [object, compileRecord(mapping, settings, instants)]),
  );
  return {
    maps: (object) => readers.has(object),
    versionOf: (object, content) => {
      const mapping = records[object];
      const source = mapping === undefined ? undefined : readSource(mapping, content, instants);
      return typeof source === 'object' ? undefined : source;
    },
    observe: (object, id, content) => {
      const read = readers.get(object);
      if (read === undefined) return { outcome: 'rejected', reason: 'unmapped-object' };
      const observed = read(content);
      return observed.outcome === 'unreadable'
        ? { ...observed, detail: `${object} ${id}: ${observed.detail}` }
        : observed;
    },
  };
};

const compileRecord = (
  mapping: RecordMapping,
  settings: MapperSettings,
  instants: InstantReader,
): ((content: RecordContent) => Observed) => {
  const keeps = compileFilter(mapping.keepIf);
  const readAttributes = compileAttributes(mapping, instants);
  const factReaders = mapping.facts.map((fact) => compileFact(fact, settings, instants));
  return (content) => {
    const source = readSource(mapping, content, instants);
    if (typeof source === 'object') return source;
    const version = source === undefined ? {} : { source };
    if (!keeps(content)) return { outcome: 'unowned', reason: 'filtered', ...version };
    const customer = readCustomer(mapping.customer, settings.connection, content);
    if (customer === undefined) return { outcome: 'unowned', reason: 'no-customer', ...version };
    if (typeof customer !== 'string') return customer;
    const becomes = readBecomes(mapping, customer, settings.connection, content);
    if (becomes !== undefined && 'outcome' in becomes) return becomes;
    const facts = collectFacts(factReaders.map((read) => read(content)));
    if ('outcome' in facts) return facts;
    return {
      outcome: 'observed',
      customer,
      ...version,
      ...(becomes === undefined ? {} : { becomes }),
      attributes: readAttributes(content),
      facts,
    };
  };
};

/** Whose part the customer is by now, if it is anybody's. */
const readBecomes = (
  { customer: { kind }, mergedInto, convertedTo }: RecordMapping,
  customer: CustomerId,
  connection: ConnectionId,
  content: RecordContent,
): Becomes | Unreadable | undefined => {
  const subject = mergedInto === undefined ? convertedTo : { kind, id: mergedInto };
  const into = subject === undefined ? undefined : readCustomer(subject, connection, content);
  // some CRMs name the record itself while it is merged with none
  if (into === undefined || into === customer) return undefined;
  return typeof into === 'string' ? { customer: into, as: mergedInto === undefined ? 'converted' : 'merge' } : into;
};

const readCustomer = (
  { kind, id: path }: RecordMapping['customer'],
  connection: ConnectionId,
  content: RecordContent,
): CustomerId | Unreadable | undefined => {
  const id = textAt(content, path)?.trim() ?? '';
  if (id === '') return undefined;
  const customer = CustomerId.safeParse(`${kind}:${connection}:${id}`);
  // half a character has no bytes of its own: stores would mend it, each its own way
  if (customer.success && !/\p{Surrogate}/u.test(id)) return customer.data;
  return {
    outcome: 'unreadable',
    reason: 'bad-customer',
    detail: `${path} is too long for an id, or has line breaks or half a character in it`,
  };
};

const readSource = (
  { version }: RecordMapping,
  content: RecordContent,
  instants: InstantReader,
): Instant | Unreadable | undefined => {
  const value = version === undefined ? undefined : presentAt(content, version);
  if (version === undefined || value === undefined) return undefined;
  const source = instants.instantOf(value);
  return source ?? { outcome: 'unreadable', reason: 'bad-version', detail: `${version} holds no instant` };
};

const compileAttributes = (
  mapping: RecordMapping,
  instants: InstantReader,
): ((content: RecordContent) => Attributes) => {
  const readers = Object.entries(mapping.attributes).map(
    ([name, attribute]) => [name, compileAttribute(attribute, instants)] as const,
  );
  return (content) =>
    Object.fromEntries(
      readers.flatMap(([name, read]) => {
        const value = read(content);
        return value === undefined ? [] : [[name, value] as const];
      }),
    );
};

const collectFacts = (reads: readonly FactRead[]): readonly Fact[] | Unreadable => {
  const facts: Fact[] = [];
  for (const read of reads) {
    if (read?.outcome === 'unreadable') return read;
    if (read !== undefined) facts.push(read.fact);
  }
  if (facts.length <= limits.factsPerRecord) return facts;
  return {
    outcome: 'unreadable',
    reason: 'too-many-facts',
    detail: `one record may stand for ${limits.factsPerRecord} facts, this one for ${facts.length}`,
  };
};
