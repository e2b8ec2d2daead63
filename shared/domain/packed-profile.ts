import type { Fact, Scalar } from './fact.ts';
import { entryAt } from './packed-bytes.ts';
import {
  closePacked,
  hashedKeysOf,
  type OpenedRecords,
  openPacked,
  readTextKey,
  unpackRecords,
} from './packed-records.ts';
import { readRecord } from './packed-rows.ts';
import { type Profile, profileOf, type RecordState } from './profile.ts';

/**
 * What `profileOf` makes of packed records, without making the records: for whoever looks at everybody. Keys, which cost most,
 * are read only where two records of one source instant have to be told apart.
 *
 * @throws {PipelineError} `STORE_CORRUPT`, not retryable, for bytes that `packRecords` did not write.
 */
export const unpackProfile = (bytes: Uint8Array): Profile => {
  const opened = openPacked(bytes);
  if (opened.handed) return profileOf(unpackRecords(bytes));
  const rows = readRows(opened);
  closePacked(opened);
  return profileOfRows(inOrder(rows, opened));
};

interface PackedRow {
  readonly source: number;
  readonly record: RecordState;
  /** Undefined: the next of the hashed ones. */
  readonly textKey: string | undefined;
}

const readRows = ({ recordShapes, factCounts, sources, unpacking }: OpenedRecords): readonly PackedRow[] => {
  const rows: PackedRow[] = [];
  for (let i = 0; i < recordShapes.length; i += 1) {
    const shape = recordShapes[i] ?? 0;
    const source = sources[i] ?? 0;
    const textKey = readTextKey(unpacking, shape);
    // when it was read is nothing that a profile tells
    const record = readRecord(unpacking, shape, { source, read: source, facts: factCounts[i] ?? 0 });
    rows.push({ source, record, textKey });
  }
  return rows;
};

const inOrder = (rows: readonly PackedRow[], opened: OpenedRecords): readonly PackedRow[] => {
  if (isRising(rows)) return rows;
  const sorted = rows.toSorted((a, b) => a.source - b.source);
  return isRising(sorted) ? sorted : byKey(rows, opened);
};

const isRising = (rows: readonly PackedRow[]): boolean => {
  for (let i = 1; i < rows.length; i += 1) if ((rows[i]?.source ?? 0) <= (rows[i - 1]?.source ?? 0)) return false;
  return true;
};

const byKey = (rows: readonly PackedRow[], opened: OpenedRecords): readonly PackedRow[] => {
  const hashed = hashedKeysOf(opened);
  let next = 0;
  return rows
    .map((row) => ({ row, key: row.textKey ?? entryAt(hashed, next++) }))
    .sort((a, b) => a.row.source - b.row.source || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);
};

const profileOfRows = (rows: readonly PackedRow[]): Profile => {
  const attributes: Record<string, Scalar> = {};
  const facts: Fact[] = [];
  for (const { record } of rows) {
    Object.assign(attributes, record.attributes);
    for (const fact of record.facts) facts.push(fact);
  }
  return { attributes, facts: areByInstant(facts) ? facts : facts.sort((a, b) => a.at - b.at) };
};

const areByInstant = (facts: readonly Fact[]): boolean => {
  for (let i = 1; i < facts.length; i += 1) if ((facts[i]?.at ?? 0) < (facts[i - 1]?.at ?? 0)) return false;
  return true;
};
