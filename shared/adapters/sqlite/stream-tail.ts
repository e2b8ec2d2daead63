import type { Received } from '../../ports/stream.ts';

export interface StreamTail {
  push(records: readonly Received[]): void;
  /** Undefined when the tail does not reach back to `next`. */
  read(next: number, limit: number): readonly Received[] | undefined;
}

const tailRecords = 4_096;

/** The last records of a topic, in memory. Readers that keep up never touch the disk. */
export const streamTail = (): StreamTail => {
  let records: Received[] = [];
  return {
    push: (appended) => {
      records.push(...appended);
      if (records.length > 2 * tailRecords) records = records.slice(-tailRecords);
    },
    read: (next, limit) => {
      const first = records[0]?.offset;
      if (first === undefined || next < first) return undefined;
      // offsets have no gaps within one process: they are taken and shown in order
      return records.slice(next - first, next - first + limit);
    },
  };
};
