import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DynamoDbProxy {
  readonly url: string;
  /** From now on refuses this operation where the request names this text. */
  refuse(operation: string, text: string): void;
  /** Refuses nothing any more. */
  heal(): void;
  /** What a caller did to items so far, in the words of its rights; callers have a path of their own under the address. */
  done(caller: string): ReadonlySet<string>;
  /** How many requests were refused so far. */
  refused(): number;
  close(): Promise<void>;
}

/** Stands before DynamoDB Local, on loopback. */
export const startDynamoDbProxy = async (endpoint: string): Promise<DynamoDbProxy> => {
  let rule: { readonly operation: string; readonly text: string } | undefined;
  let refused = 0;
  const done = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request);
      const target = String(request.headers['x-amz-target']);
      const [, caller = ''] = (request.url ?? '').split('/');
      const known = done.get(caller) ?? new Set();
      for (const action of actionsOf(target, body)) known.add(action);
      done.set(caller, known);
      if (rule !== undefined && target.endsWith(`.${rule.operation}`) && body.includes(rule.text)) {
        refused += 1;
        // not one of the failures that the SDK itself tries again
        response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'com.amazon.coral.validate#ValidationException', message: 'refused' }));
        return;
      }
      const headers = Object.entries(request.headers).filter(
        ([name]) => !['host', 'connection', 'content-length'].includes(name),
      );
      const answer = await fetch(endpoint, { method: 'POST', body, headers: headers as [string, string][] });
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    })().catch((error: unknown) => {
      response.writeHead(502).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: (operation, text) => {
      rule = { operation, text };
    },
    heal: () => {
      rule = undefined;
    },
    done: (caller) => done.get(caller) ?? new Set(),
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** A transaction needs the right to what each of its parts does, and none of its own. */
const actionsOf = (target: string, body: string): readonly string[] => {
  const operation = target.split('.').at(-1) ?? '';
  if (operation !== 'TransactWriteItems') return [operation];
  const { TransactItems } = JSON.parse(body) as { TransactItems: readonly Readonly<Record<string, unknown>>[] };
  return TransactItems.flatMap(Object.keys).map((part) =>
    part === 'ConditionCheck' ? 'ConditionCheckItem' : `${part}Item`,
  );
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
