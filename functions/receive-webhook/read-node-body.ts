import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { BodyRead } from './read-body.ts';

/**
 * Takes the chunks straight from Node's request: half the cost of the web stream around it. What is left of a body over
 * the limit is dropped as it comes; the server cuts it off after the answer.
 */
export const readNodeBody = (c: Context<{ Bindings: HttpBindings }>, limit: number): Promise<BodyRead> =>
  new Promise((resolve) => {
    const { incoming } = c.env;
    if (incoming.destroyed && !incoming.readableEnded) {
      resolve('aborted');
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    // the promise settles once: what is reported after that has no effect, and the listeners keep a late failure harmless
    incoming
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= limit) chunks.push(chunk);
        else resolve('too-large');
      })
      .on('end', () => {
        const [first] = chunks;
        resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
      })
      .on('error', () => {
        resolve('aborted');
      })
      .on('close', () => {
        resolve('aborted');
      });
  });
