import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { packRecords } from '../../../domain/packed-records.ts';
import type { RecordState, Records } from '../../../domain/profile.ts';
import { unpackRecords } from '../../../domain/unpacked-records.ts';
import { corruptItem } from '../table/stored-attributes.ts';

/** First of the bytes: whether those that follow are deflated (RFC 1951). */
const plain = 0;
const deflated = 1;
/** A write is charged by the kilobyte: up to this there is nothing to gain. */
const leastDeflated = 700;

/**
 * Records packed as they are stored: the same records are the same bytes, in whatever order they come. Packing takes the known
 * structure out, deflating about a sixth of what is left.
 */
export const storeRecords = (records: Iterable<readonly [string, RecordState]>): Uint8Array => {
  // by time they take the fewest bytes
  const ordered = [...records].sort(([a, x], [b, y]) => x.version.source - y.version.source || (a < b ? -1 : 1));
  const packed = packRecords(new Map(ordered));
  const smaller = packed.length < leastDeflated ? undefined : deflateRawSync(packed);
  return smaller === undefined || smaller.length >= packed.length
    ? Buffer.concat([Uint8Array.of(plain), packed])
    : Buffer.concat([Uint8Array.of(deflated), smaller]);
};

/** Reads what {@link storeRecords} made. @throws {PipelineError} `STORE_CORRUPT`, not retryable, on anything else. */
export const readRecords = (bytes: Uint8Array): Records => {
  const rest = bytes.subarray(1);
  if (bytes[0] === plain) return unpackRecords(rest);
  if (bytes[0] !== deflated) throw corruptItem('customer', new Error('the format of its records is unknown'));
  return unpackRecords(inflated(rest));
};

const inflated = (bytes: Uint8Array): Uint8Array => {
  try {
    return inflateRawSync(bytes);
  } catch (cause) {
    throw corruptItem('customer', cause);
  }
};
