import type { ChunkedRecords } from './chunk-records.ts';
import type { DuePlace } from './state-index.ts';

/** What a store saw of a customer last, at one version. */
export interface Remembered {
  readonly version: number;
  /** The attempt that wrote it: no two states ever have the same. */
  readonly attempt: string;
  /** Undefined where nothing is due. */
  readonly duePlace: DuePlace | undefined;
  /** Undefined where the records stand in the STATE itself: they are read with it. */
  readonly chunked: ChunkedRecords | undefined;
}

/** By partition key. Never wrong, only of an older version: what one attempt wrote never changes. */
export interface CustomerMemory {
  get(partition: string): Remembered | undefined;
  set(partition: string, seen: Remembered): void;
}

/** Rough sizes in memory, in bytes. */
const sizePerCustomer = 300;
const sizePerRecord = 250;

/** Forgets what was not used for longest when all takes more than about `mostBytes`. */
export const customerMemory = (mostBytes: number): CustomerMemory => {
  const known = new Map<string, Remembered>();
  let bytes = 0;
  const forget = (partition: string): void => {
    const seen = known.get(partition);
    if (seen === undefined) return;
    known.delete(partition);
    bytes -= sizeOf(seen);
  };
  return {
    get: (partition) => {
      const seen = known.get(partition);
      if (seen === undefined) return undefined;
      // what is used goes to the end
      known.delete(partition);
      known.set(partition, seen);
      return seen;
    },
    set: (partition, seen) => {
      forget(partition);
      known.set(partition, seen);
      bytes += sizeOf(seen);
      for (const oldest of known.keys()) {
        if (bytes <= mostBytes) break;
        forget(oldest);
      }
    },
  };
};

const sizeOf = ({ chunked }: Remembered): number =>
  chunked === undefined
    ? sizePerCustomer
    : chunked.records.size * sizePerRecord + chunked.chunks.reduce((sum, { packed }) => sum + packed.length, 0);
