import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '#infra/demo/free-port.ts';

describe('freePort', () => {
  it('gives the wanted port when it is free, and another one while somebody has it', async () => {
    const wanted = await freePort(0);
    expect(await freePort(wanted)).toBe(wanted);
    const server = createServer().listen(wanted, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect((server.address() as AddressInfo).port).toBe(wanted);
    const other = await freePort(wanted);
    expect(other).not.toBe(wanted);
    expect(other).toBeGreaterThan(0);
  });
});
