import type { Context, Env } from 'hono';

/** The raw bytes; or why there are none: more than the limit, or a sender that went away. */
export type BodyRead = Uint8Array | 'too-large' | 'aborted';

/** Reads at most `limit` bytes and never rejects. */
export type ReadBody<E extends Env> = (c: Context<E>, limit: number) => Promise<BodyRead>;
