import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which things can go wrong as they do on networks. */
export interface BlackHole {
  /** host:port */
  readonly address: string;
  /** From now on every connection, old and new, is silent: bytes vanish both ways, and nobody hears of an end. */
  swallow(): void;
  /** The connections that are open fall silent for ever; new ones work. */
  forget(): void;
  /** The connections that are open are torn down. */
  reset(): void;
  /** New connections work again. Those that fell silent stay silent. */
  heal(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket | undefined;
  silent: boolean;
}

export const openBlackHole = async (targetPort: number): Promise<BlackHole> => {
  const pairs = new Set<Pair>();
  let swallowing = false;

  const server = createServer((near) => {
    const far = swallowing ? undefined : connect(targetPort, '127.0.0.1');
    const pair: Pair = { near, far, silent: swallowing };
    pairs.add(pair);
    const end = (): void => {
      near.destroy();
      far?.destroy();
      pairs.delete(pair);
    };
    near.on('data', (bytes) => pair.silent || far?.write(bytes));
    near.on('close', end).on('error', end);
    far?.on('data', (bytes) => pair.silent || near.write(bytes));
    // a silent pair does not hear of the other side's end either
    const farEnd = (): void => (pair.silent ? undefined : end());
    far?.on('close', farEnd).on('error', farEnd);
  });

  const forget = (): void => {
    for (const pair of pairs) pair.silent = true;
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    swallow: () => {
      swallowing = true;
      forget();
    },
    forget,
    reset: () => {
      for (const { near, far } of pairs) {
        near.resetAndDestroy();
        far?.destroy();
      }
    },
    heal: () => {
      swallowing = false;
    },
    close: async () => {
      for (const { near, far } of pairs) {
        near.destroy();
        far?.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
