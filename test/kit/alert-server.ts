import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HeardAlert {
  readonly id: string;
  readonly body: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
}

export interface AlertServer {
  readonly url: string;
  /** In order of arrival, repeats included. */
  readonly heard: HeardAlert[];
  /** What to answer from now on; 204 at first. */
  answerWith(status: number, headers?: Readonly<Record<string, string>>): void;
  stop(): Promise<void>;
}

/** Takes Standard Webhooks deliveries on loopback and remembers them. */
export const startAlertServer = async (): Promise<AlertServer> => {
  const heard: HeardAlert[] = [];
  let status = 204;
  let headers: Readonly<Record<string, string>> = {};
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as HeardAlert['body'];
      if (status < 300) heard.push({ id: String(request.headers['webhook-id']), body });
      response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`,
    heard,
    answerWith: (nextStatus, nextHeaders = {}) => {
      status = nextStatus;
      headers = nextHeaders;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
