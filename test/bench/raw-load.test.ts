import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { postOf, raiseLoad } from './raw-load.ts';

const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const posts = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, (_, index) => postOf(`/${index}`, `{"index":${index}}`, {}));

describe('raiseLoad', () => {
  it('sends every request once and waits for every answer', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(request.url ?? '');
      response.end('{"taken":true}');
    });
    const { answered, sentAt } = await raiseLoad({ url, connections: 7, requests: posts(100) });
    expect([answered, sentAt.length]).toEqual([100, 100]);
    expect(asked.sort()).toEqual(Array.from({ length: 100 }, (_, index) => `/${index}`).sort());
  });

  it('counts from the instant a request was due, where there is a pace', async () => {
    const url = await serve((_, response) => response.writeHead(204).end());
    const { sentAt } = await raiseLoad({ url, connections: 2, requests: posts(5), perSecond: 200 });
    const gaps = sentAt.slice(1).map((at, index) => Math.round(at - (sentAt[index] ?? 0)));
    expect(gaps).toEqual([5, 5, 5, 5]);
  });

  it('ends with an error when a request is refused', async () => {
    const url = await serve((_, response) => response.writeHead(401).end());
    await expect(raiseLoad({ url, connections: 2, requests: posts(5) })).rejects.toThrow('answered 401');
  });

  it('ends with an error when a connection is closed on it', async () => {
    const url = await serve((request) => request.socket.destroy());
    await expect(raiseLoad({ url, connections: 2, requests: posts(5) })).rejects.toThrow('closed the connection');
  });
});
