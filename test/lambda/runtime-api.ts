import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Assignment {
  readonly event: string;
  readonly deadlineMs: number;
  readonly arn: string;
}

/** What a process of a function says through the Runtime API. */
export interface RuntimeListener {
  /** It asks for an event and will do nothing before it has one. */
  waits(): void;
  initFailed(error: unknown): void;
  answered(id: string, body: string): void;
  failed(id: string, error: unknown): void;
}

export interface RuntimeApi {
  /** host:port, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string;
  /** Gives the waiting process an event; returns the invocation's id. */
  assign(assignment: Assignment): string;
  close(): Promise<void>;
}

/** The Runtime API of Lambda for one process (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), on loopback. */
export const startRuntimeApi = async (listener: RuntimeListener): Promise<RuntimeApi> => {
  let waiting: ServerResponse | undefined;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const [, , , group, id = '', verb] = (request.url ?? '').split('/');
      if (request.method === 'GET' && group === 'invocation' && id === 'next') {
        waiting = response;
        listener.waits();
        return;
      }
      response.writeHead(202).end();
      if (group === 'init') listener.initFailed(JSON.parse(body));
      else if (verb === 'response') listener.answered(id, body);
      else if (verb === 'error') listener.failed(id, JSON.parse(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    assign: ({ event, deadlineMs, arn }) => {
      const id = randomUUID();
      if (waiting === undefined) throw new Error('no process waits for an event');
      waiting.writeHead(200, {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Aws-Request-Id': id,
        'Lambda-Runtime-Deadline-Ms': String(deadlineMs),
        'Lambda-Runtime-Invoked-Function-Arn': arn,
      });
      waiting.end(event);
      waiting = undefined;
      return id;
    },
    close: () => closed(server),
  };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
