import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { expect, it, onTestFinished } from 'vitest';
import { connectDynamoDb } from '#shared/adapters/dynamodb/table/connect.ts';

it('gives up on a server that takes the request and never answers', { timeout: 40_000 }, async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = connectDynamoDb({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  onTestFinished(() => {
    client.destroy();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await expect(client.send(new ListTablesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
});
