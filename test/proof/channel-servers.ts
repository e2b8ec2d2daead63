import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChannelServers {
  readonly alertUrl: string;
  readonly robotUrl: string;
  readonly heldUrl: string;
  /** Effects of the keyed channel: ids, each once however often it was sent. */
  readonly keyedIds: Set<string>;
  /** Messages the other two took: these have no key, every request is an effect. */
  messages: { robot: number; held: number };
  stop(): Promise<void>;
}

/** What the three channels of the proof talk to: real servers on loopback that count. */
export const startChannelServers = async (): Promise<ChannelServers> => {
  const keyedIds = new Set<string>();
  const messages = { robot: 0, held: 0 };
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url?.startsWith('/alerts') === true) keyedIds.add(String(request.headers['webhook-id']));
      else if (request.url?.startsWith('/robot') === true) messages.robot += 1;
      else messages.held += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":0,"errmsg":"ok"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    alertUrl: `${base}/alerts`,
    robotUrl: `${base}/robot?key=proof`,
    heldUrl: `${base}/held?key=proof`,
    keyedIds,
    messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
