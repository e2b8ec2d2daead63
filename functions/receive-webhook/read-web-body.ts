import type { Context } from 'hono';
import type { BodyRead } from './read-body.ts';

/** Reads the web stream of the request: works wherever hono does. */
export const readWebBody = async (c: Context, limit: number): Promise<BodyRead> => {
  const body: ReadableStream<Uint8Array> | null = c.req.raw.body;
  const reader = body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > limit) {
        // not awaited: the answer must not wait for the sender
        reader.cancel().catch(ignoreLateFailure);
        return 'too-large';
      }
      chunks.push(next.value);
    }
  } catch {
    return 'aborted';
  }
  return joined(chunks, size);
};

const joined = (chunks: readonly Uint8Array[], size: number): Uint8Array => {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

/** The stream is given up already. */
const ignoreLateFailure = (): undefined => undefined;
