import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { kafkaStream } from '#shared/adapters/kafka/stream.ts';
import { topics } from '#shared/definitions/topics.ts';
import { quietLog } from '../../kit/quiet-log.ts';

const streamTo = (port: number) => {
  const stream = kafkaStream({ brokers: [`127.0.0.1:${port}`], clientId: 'test', log: quietLog() });
  onTestFinished(() => stream.close());
  return stream;
};

describe('connecting ahead', () => {
  it('opens a connection before anything is appended', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const connected = new Promise((resolve) => server.once('connection', resolve));
    streamTo((server.address() as AddressInfo).port).connect();
    await connected;
  });

  it('says nothing when that fails: the append does', async () => {
    const stream = streamTo(1);
    stream.connect();
    await pause(1_500);
    await expect(stream.append(topics.events, [{ key: 'k', value: 'v' }])).rejects.toMatchObject({
      code: 'STREAM_UNAVAILABLE',
      retryable: true,
    });
  });
});
