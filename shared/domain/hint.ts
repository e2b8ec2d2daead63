import * as z from 'zod';
import { encodeCloudEvent } from './cloud-event.ts';
import { ConnectionId, TenantId } from './ids.ts';
import { Instant } from './instant.ts';
import type { Json } from './json.ts';
import type { Pending } from './pending.ts';
import { recordKeyOf } from './record.ts';

/** What one entrance understood of one delivery: "record `id` of `object` may have changed". */
export const Hint = z.object({
  tenant: TenantId,
  connection: ConnectionId,
  object: z.string().min(1).max(64),
  id: z.string().min(1).max(128),
  operation: z.enum(['upsert', 'delete']),
  /** The same for every copy of one delivery: the sender's own id where it has one, else a digest of the body. */
  delivery: z.string().min(1).max(200),
  /** When our entrance took it: the append instant of everything that follows from it. */
  receivedAt: Instant,
  /** Names of changed fields, where the sender tells. Empty or absent: unknown. */
  changedFields: z.array(z.string()).optional(),
  /**
   * The record's content, where the delivery carries it (a fat hint). Absent: it has to be read back (a thin one). It was
   * parsed as JSON, so it is not checked to be JSON once more.
   */
  payload: z.record(z.string(), z.custom<Json>()).optional(),
});
export type Hint = Readonly<z.infer<typeof Hint>>;

/**
 * A hint as it travels on `regrade.webhooks`, keyed by its record. `index` is its place in its delivery: every copy of the
 * delivery carries the same ids.
 */
export const outgoingHint = (hint: Hint, index: number): Pending => ({
  key: recordKeyOf(hint),
  value: encodeCloudEvent(
    {
      id: `${hint.delivery}/${index}`,
      source: `/connections/${hint.connection}`,
      type: 'regrade.hint.received',
      data: hint,
    },
    hint.receivedAt,
  ),
  at: hint.receivedAt,
});
