import { limits } from '../definitions/limits.ts';
import type { CustomerState } from './customer-state.ts';
import type { CustomerId } from './ids.ts';
import type { HandedRecord } from './merge.ts';
import { type Profile, profileOf, type RecordState, type Records } from './profile.ts';
import { compareVersions } from './record.ts';

/**
 * What a customer was handed over lies beside its own records, by sender: so that a sender can take back what it handed over
 * whoever else knows of the same record. Seen together, the newest version of each record holds.
 */
export const handedKey = (key: string, from: CustomerId): string => `${key} ${from}`;

/** The record's own key. */
export const plainKey = (key: string, from: CustomerId | undefined): string =>
  from === undefined ? key : key.slice(0, key.length - from.length - 1);

export interface Handed {
  readonly from: CustomerId;
  readonly records: readonly HandedRecord[];
  /** Newer than everything its sender handed before. */
  readonly inOrder: boolean;
}

export interface Taken {
  readonly records: Records;
  /** Plain keys of those that its sender says something else of now. */
  readonly changed: readonly string[];
}

/** Takes in what another customer hands over, over what it handed before: an older version never counts. Total and pure. */
export const takeHanded = (records: Records, { from, records: handed, inOrder }: Handed): Taken => {
  const next = new Map(records);
  const changed: string[] = [];
  for (const { key, ...record } of handed) {
    const place = handedKey(key, from);
    const known = next.get(place);
    const order = known === undefined ? 1 : compareVersions(record.version, known.version);
    if (order < 0 || (order === 0 && !inOrder)) continue;
    next.set(place, { ...record, from });
    changed.push(key);
  }
  return changed.length === 0 ? { records, changed } : { records: next, changed };
};

/** What is left when a customer takes its records back: that they are not this one's at the versions they had. */
export const giveBack = (records: Records, from: CustomerId): Records =>
  new Map([...records].map(([key, record]) => [key, record.from === from ? withdrawn(record) : record]));

const withdrawn = ({ version, from }: RecordState): RecordState => ({
  version,
  retracted: true,
  attributes: {},
  facts: [],
  ...(from === undefined ? {} : { from }),
});

type WithRecords = Pick<CustomerState, 'records' | 'merges'>;

/**
 * A customer's records and those of whoever is part of it: the union by record, under plain keys. Records of a customer that is
 * still handing over do not count yet; `arriving` counts them.
 */
const unitedRecords = ({ records, merges }: WithRecords, { arriving = false } = {}): Records => {
  if (merges === undefined || Object.keys(merges.members).length === 0) return records;
  const united = new Map<string, RecordState>();
  for (const [key, record] of records) {
    if (!arriving && record.from !== undefined && merges.members[record.from]?.phase === 'arriving') continue;
    const plain = plainKey(key, record.from);
    const known = united.get(plain);
    if (known === undefined || goesOver(record, known)) united.set(plain, record);
  }
  return united;
};

/** What a customer's records say together. */
export const profileOfCustomer = (state: WithRecords): Profile => profileOf(unitedRecords(state));

/**
 * Of two states of one record. A record that moves is retracted at one customer and asserted at another in the same version: among
 * customers that are one, it is asserted.
 */
const goesOver = (record: RecordState, known: RecordState): boolean => {
  const order = compareVersions(record.version, known.version);
  if (order !== 0) return order > 0;
  if (record.retracted !== known.retracted) return known.retracted;
  return known.from !== undefined && (record.from === undefined || record.from < known.from);
};

/** As it is handed on: all that is known of these records. */
export const handedOf = ({ records, merges }: WithRecords, keys: readonly string[]): readonly HandedRecord[] => {
  const senders = Object.keys(merges?.members ?? {}) as CustomerId[];
  return keys.flatMap((key) => {
    const known = [key, ...senders.map((from) => handedKey(key, from))].flatMap((place) => records.get(place) ?? []);
    const [first, ...others] = known;
    if (first === undefined) return [];
    return asHanded(
      key,
      others.reduce((best, one) => (goesOver(one, best) ? one : best), first),
    );
  });
};

export interface Part {
  readonly records: readonly HandedRecord[];
  /** The key of its last record where more follow. */
  readonly upTo: string | undefined;
}

/** The next records after a key, in the order of their keys: as many as fit into one message, one at least. */
export const partAfter = (state: WithRecords, after: string): Part => {
  const united = unitedRecords(state, { arriving: true });
  const part: HandedRecord[] = [];
  let size = 0;
  for (const key of [...united.keys()].filter((each) => each > after).sort()) {
    const record = united.get(key);
    if (record === undefined) continue;
    const handed = asHanded(key, record);
    size += JSON.stringify(handed).length;
    if (size > limits.handedPartLength && part.length > 0) return { records: part, upTo: part.at(-1)?.key };
    part.push(handed);
  }
  return { records: part, upTo: undefined };
};

const asHanded = (key: string, { version, retracted, attributes, facts }: RecordState): HandedRecord => ({
  key,
  version,
  retracted,
  attributes,
  facts: [...facts],
});
