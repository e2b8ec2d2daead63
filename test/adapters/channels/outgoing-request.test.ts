import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { outgoingRequest } from '../../../shared/adapters/channels/outgoing-request.ts';
import { mayReach } from '../../../shared/adapters/channels/public-address.ts';
import { listen, receiver } from './receiver.ts';

const send = outgoingRequest({ allowLoopback: true, timeoutMs: 300, maxAnswerBytes: 1_000 });
const guarded = outgoingRequest({ allowLoopback: false, timeoutMs: 300 });
const post = (url: URL | string, by = send) =>
  by({ url: new URL(url), headers: { 'content-type': 'text/plain' }, body: '客户' });

describe('an outgoing request', () => {
  it('posts its body and returns the answer', async () => {
    const { url, taken } = await receiver(429, 'slow down', { 'retry-after': '7' });
    expect(await post(url)).toEqual({
      kind: 'answered',
      status: 429,
      retryAfter: '7',
      body: 'slow down',
      complete: true,
    });
    expect(taken).toMatchObject([{ body: '客户', headers: { 'content-length': '6' } }]);
  });

  it('follows no redirect', async () => {
    const target = await receiver(200);
    const { url } = await receiver(302, '', { location: target.url.href });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 302 });
    expect(target.taken).toEqual([]);
  });

  it('reads no more of an answer than it may', async () => {
    const { url } = await receiver(200, 'x'.repeat(5_000));
    const answer = await post(url);
    expect(answer).toMatchObject({ kind: 'answered', status: 200, complete: false });
    expect(answer.kind === 'answered' && answer.body.length).toBe(1_000);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'unreached', reason: 'ECONNREFUSED' });
  });

  it('does not know what became of it when the other side is silent', async () => {
    const url = await listen(() => undefined);
    expect(await post(url)).toEqual({ kind: 'unanswered', reason: 'no answer within 300 ms' });
  });

  it('does not know what became of it when the other side hangs up', async () => {
    const url = await listen((request) => request.socket.destroy());
    expect(await post(url)).toMatchObject({ kind: 'unanswered' });
  });

  it('keeps the status of an answer whose body stops coming', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 200, body: 'half', complete: false });
  });

  it('refuses this machine itself by number and by name, sending nothing', async () => {
    const { url, taken } = await receiver(200);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:127.0.0.1]', '0.0.0.0'])
      expect(await post(`http://${host}:${url.port}/`, guarded)).toMatchObject({ kind: 'blocked' });
    expect(taken).toEqual([]);
  });

  it('reaches this machine by name where that is allowed', async () => {
    const { url, taken } = await receiver(200);
    expect(await post(`http://localhost:${url.port}/`)).toMatchObject({ kind: 'answered', status: 200 });
    expect(taken).toHaveLength(1);
  });

  it('speaks HTTP only', async () => {
    expect(await post('ftp://127.0.0.1/')).toMatchObject({ kind: 'blocked' });
  });

  it('does not talk to a server whose certificate it cannot check', async () => {
    const { url } = await receiver(200);
    expect(await post(`https://127.0.0.1:${url.port}/`)).toMatchObject({ kind: 'unreached' });
  });
});

describe('mayReach', () => {
  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '127.0.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1%eth0',
    'fd00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    'ff02::1',
    '2001:db8::1',
    '2002:a00:1::',
    'no address',
    '',
  ])('refuses %s', (address) => {
    expect(mayReach(address, false)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('lets %s', (address) => {
    expect(mayReach(address, false)).toBe(true);
  });

  it('opens loopback alone by the switch', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map((address) => mayReach(address, true))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.1', '0.0.0.0', '::'].map((address) => mayReach(address, true))).toEqual([false, false, false]);
  });
});
