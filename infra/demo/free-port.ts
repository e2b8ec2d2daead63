import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** The wanted port of loopback, or any free one while another program has that. 0 asks for any. */
export const freePort = async (wanted: number): Promise<number> => (await tryPort(wanted)) ?? freePort(0);

/** In use, or kept for the system. */
const takenCodes = new Set<unknown>(['EADDRINUSE', 'EACCES']);

const tryPort = async (port: number): Promise<number | undefined> => {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (port !== 0 && error instanceof Error && 'code' in error && takenCodes.has(error.code)) return undefined;
    throw error;
  }
  const { port: bound } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return bound;
};
