import * as z from 'zod';
import { ConnectionId } from './ids.ts';
import { Instant } from './instant.ts';

/** One object of one CRM. */
export const RecordRef = z.object({
  connection: ConnectionId,
  /** The CRM's own module or object name: `Invoices`, `AccountObj`. */
  object: z.string().min(1).max(64),
  id: z.string().min(1).max(128),
});
export type RecordRef = Readonly<z.infer<typeof RecordRef>>;

export const recordKeyOf = ({ connection, object, id }: RecordRef): string => `${connection}/${object}/${id}`;

/**
 * Compared part by part. `assignment` grows with every change of owner, so that a retract and a later assert of the
 * same content stay in order; `source` is the CRM's own modification instant; `read` is when we read it: vendors' clocks
 * have one-second precision, and of two contents with the same second the later read is the truth.
 */
export const RecordVersion = z.object({ assignment: z.int().nonnegative(), source: Instant, read: Instant });
export type RecordVersion = Readonly<z.infer<typeof RecordVersion>>;

/** Negative when `a` is older than `b`. */
export const compareVersions = (a: RecordVersion, b: RecordVersion): number =>
  a.assignment - b.assignment || a.source - b.source || a.read - b.read;
