import { connect, type Socket } from 'node:net';

/** Whether any of these addresses, host:port, takes a connection in time. Leaves none open. */
export const canConnect = async (addresses: readonly string[], ms: number): Promise<boolean> => {
  const tries = addresses.map((address) => connectTo(address, ms));
  try {
    await Promise.any(tries.map(({ connected }) => connected));
    return true;
  } catch {
    // none did
    return false;
  } finally {
    for (const { socket } of tries) socket.destroy();
  }
};

const connectTo = (address: string, ms: number): { readonly socket: Socket; readonly connected: Promise<void> } => {
  const [host, port] = [
    address.slice(0, address.lastIndexOf(':')),
    Number(address.slice(address.lastIndexOf(':') + 1)),
  ];
  const socket = connect({ host, port, timeout: ms });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('timeout', () => reject(new Error(`${address} does not answer`)));
    // a socket that is destroyed while it connects says nothing more
    socket.on('error', reject);
  });
  return { socket, connected };
};
