import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { BodyRead } from './read-body.ts';

/**
 * Takes the chunks straight from Node's request: half the cost of the web stream around it. What is left of a body over
 * the limit stays unread; the server drains or cuts it after the answer.
 */
export const readNodeBody = (c: Context<{ Bindings: HttpBindings }>, limit: number): Promise<BodyRead> =>
  new Promise((resolve) => {
    const { incoming } = c.env;
    const chunks: Buffer[] = [];
    let size = 0;

    const settle = (result: BodyRead): void => {
      incoming.off('data', take).off('end', finish).off('close', abort);
      // kept: a later error on a request already answered must not bring the process down
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) {
        incoming.pause();
        settle('too-large');
      } else chunks.push(chunk);
    };
    const finish = (): void => {
      const [first] = chunks;
      settle(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
    };
    const abort = (): void => {
      settle('aborted');
    };

    if (incoming.destroyed && !incoming.readableEnded) abort();
    else incoming.on('data', take).on('end', finish).on('close', abort).on('error', abort);
  });
