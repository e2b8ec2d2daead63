import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** The wanted port of loopback, or any free one while another program has that. 0 asks for any. */
export const freePort = async (wanted: number): Promise<number> => (await tryPort(wanted)) ?? (await tryPort(0)) ?? 0;

const tryPort = async (port: number): Promise<number | undefined> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES'))
      return undefined;
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return bound;
};
