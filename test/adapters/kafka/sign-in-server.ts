import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SignInServer {
  readonly address: string;
  /** The mechanism that the client named, then what it proved itself with. */
  readonly signedIn: Promise<readonly [mechanism: string, proof: string]>;
}

const apiVersions = 18;
const saslHandshake = 17;
const saslAuthenticate = 36;

/**
 * As much of a Kafka broker as a client meets until it is signed in. Wire format: requests are size, API key, API version,
 * correlation id, client id, body; answers are size, correlation id, body (kafka.apache.org/protocol).
 */
export const startSignInServer = async (): Promise<SignInServer> => {
  let mechanism = '';
  let report = (_: readonly [string, string]): void => undefined;
  const signedIn = new Promise<readonly [string, string]>((resolve) => {
    report = resolve;
  });
  const answer = (socket: Socket, request: Buffer): void => {
    const [api, version] = [request.readInt16BE(0), request.readInt16BE(2)];
    const body = request.subarray(10 + request.readInt16BE(8));
    if (api === apiVersions) write(socket, request, versions(version));
    else if (api === saslHandshake) {
      mechanism = body.subarray(2).toString('utf8');
      write(socket, request, Buffer.concat([int16(0), int32(1), int16(mechanism.length), Buffer.from(mechanism)]));
    } else if (api === saslAuthenticate) {
      report([mechanism, body.subarray(4).toString('utf8')]);
      socket.destroy();
    }
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (let size = sizeIn(received); size !== undefined; size = sizeIn(received)) {
        answer(socket, received.subarray(4, 4 + size));
        received = received.subarray(4 + size);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, signedIn };
};

const sizeIn = (received: Buffer): number | undefined => {
  const size = received.length < 4 ? undefined : received.readInt32BE(0);
  return size === undefined || received.length < 4 + size ? undefined : size;
};

const write = (socket: Socket, request: Buffer, body: Buffer): void => {
  socket.write(Buffer.concat([int32(4 + body.length), request.subarray(4, 8), body]));
};

/** No error, then each API with its lowest and highest version; from version 1 on the throttling time. */
const versions = (version: number): Buffer => {
  const known = [
    [apiVersions, 2],
    [saslHandshake, 1],
    [saslAuthenticate, 1],
    [3, 6],
  ].map(([api = 0, highest = 0]) => Buffer.concat([int16(api), int16(0), int16(highest)]));
  return Buffer.concat([int16(0), int32(known.length), ...known, ...(version > 0 ? [int32(0)] : [])]);
};

const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
