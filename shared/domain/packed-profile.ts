import type { Attributes, Fact } from './fact.ts';
import { readSaid } from './packed-rows.ts';
import { type Profile, profileOf } from './profile.ts';
import { closePacked, type OpenedRecords, openPacked, readTextKey, unpackRecords } from './unpacked-records.ts';

/**
 * What `profileOf` makes of packed records, without making the records: for whoever looks at everybody. Where the order of records
 * matters, since two say something of one instant or of one attribute, they are made all the same.
 *
 * @throws {PipelineError} `STORE_CORRUPT`, not retryable, for bytes that `packRecords` did not write.
 */
export const unpackProfile = (bytes: Uint8Array): Profile => {
  const opened = openPacked(bytes);
  return (opened.handed ? undefined : readProfile(opened)) ?? profileOf(unpackRecords(bytes));
};

const readProfile = (opened: OpenedRecords): Profile | undefined => {
  const { recordShapes, factCounts, unpacking } = opened;
  const facts: Fact[] = [];
  const said: Attributes[] = [];
  for (let i = 0; i < recordShapes.length; i += 1) {
    const shape = recordShapes[i] ?? 0;
    readTextKey(unpacking, shape);
    const attributes = readSaid(unpacking, shape, factCounts[i] ?? 0, facts);
    if (Object.keys(attributes).length > 0) said.push(attributes);
  }
  closePacked(opened);
  if (said.length > 1) return undefined;
  if (!areByInstant(facts)) facts.sort((a, b) => a.at - b.at);
  return areDistinct(facts) ? { attributes: Object.assign({}, said[0]), facts } : undefined;
};

const areByInstant = (facts: readonly Fact[]): boolean => {
  for (let i = 1; i < facts.length; i += 1) if ((facts[i]?.at ?? 0) < (facts[i - 1]?.at ?? 0)) return false;
  return true;
};

/** Of facts in order. */
const areDistinct = (facts: readonly Fact[]): boolean => {
  for (let i = 1; i < facts.length; i += 1) if (facts[i]?.at === facts[i - 1]?.at) return false;
  return true;
};
