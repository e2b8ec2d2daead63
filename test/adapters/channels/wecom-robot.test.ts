import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outgoingRequest } from '../../../shared/adapters/channels/outgoing-request.ts';
import { wecomRobotChannel } from '../../../shared/adapters/channels/wecom-robot.ts';
import { cutToBytes, plainForWecom } from '../../../shared/adapters/channels/wecom-text.ts';
import type { Delivery } from '../../../shared/domain/delivery.ts';
import { alertOf, deliveryOf, gradeOf, noon } from '../../contract/action-samples.ts';
import { listen, receiver } from './receiver.ts';

const request = outgoingRequest({ allowLoopback: true, timeoutMs: 300 });
const robot = (url: URL, more: object = {}) =>
  wecomRobotChannel({
    url: `${url.href}cgi-bin/webhook/send?key=secret-key`,
    onUnknown: 'resend',
    request,
    wallNow: () => noon,
    ...more,
  });
const errcode = (code: number) => JSON.stringify({ errcode: code, errmsg: 'text' });
const first = deliveryOf('a', { attempts: 1, status: 'sending' });
const withText = (text: string): Delivery => {
  const { content } = first;
  return content.kind === 'alert' ? { ...first, content: { ...content, text } } : first;
};
const contentOf = (body: string) => (JSON.parse(body) as { markdown: { content: string } }).markdown.content;

describe('the WeCom robot', () => {
  it('posts markdown with title, text, mentions and a short number', async () => {
    const { url, taken } = await receiver(200, errcode(0));
    const delivery = { ...alertOf('ACME: B → A', ['zhangsan', 'li<si>']), attempts: 1 };
    expect(await robot(url).send(delivery)).toEqual({ outcome: 'delivered' });
    expect(JSON.parse(taken[0]!.body)).toEqual({
      msgtype: 'markdown',
      markdown: {
        content: `**ACME: B → A**\nbecause\n<@zhangsan><@lisi>\n<font color="comment">${delivery.id.slice(4, 12)}</font>`,
      },
    });
  });

  it.each([
    [0, 1, { outcome: 'delivered' }],
    [-1, 1, { outcome: 'retry' }],
    [-1, 3, { outcome: 'refused' }],
    [45009, 9, { outcome: 'retry', afterMs: 60_000 }],
    [45033, 9, { outcome: 'retry' }],
    [93000, 1, { outcome: 'refused', disable: true }],
    [93004, 1, { outcome: 'refused', disable: true }],
    [93008, 1, { outcome: 'refused', disable: true }],
    [40008, 1, { outcome: 'refused', reason: 'errcode 40008' }],
    [44004, 1, { outcome: 'refused' }],
    [40058, 1, { outcome: 'refused' }],
    [77777, 2, { outcome: 'retry', reason: 'errcode 77777' }],
    [77777, 3, { outcome: 'refused' }],
  ])('takes HTTP 200 with errcode %i at attempt %i for %j', async (code, attempts, expected) => {
    const { url } = await receiver(200, errcode(code));
    const result = await robot(url).send({ ...first, attempts });
    expect(result).toMatchObject(expected);
    expect('disable' in result).toBe('disable' in expected);
  });

  it.each([
    [200, 'no json', {}, 1, { outcome: 'retry' }],
    [200, '{}', {}, 2, { outcome: 'retry' }],
    [200, 'no json', {}, 3, { outcome: 'refused' }],
    [429, '', { 'retry-after': '9' }, 1, { outcome: 'retry', afterMs: 9_000 }],
    [503, errcode(0), {}, 9, { outcome: 'retry', reason: 'HTTP 503' }],
    [408, '', {}, 1, { outcome: 'retry' }],
    [302, '', { location: 'http://127.0.0.1/' }, 1, { outcome: 'refused', reason: 'HTTP 302' }],
    [404, errcode(0), {}, 1, { outcome: 'refused' }],
  ])('takes HTTP %i with %j, %j at attempt %i for %j', async (status, body, headers, attempts, expected) => {
    const { url } = await receiver(status, body, headers);
    expect(await robot(url).send({ ...first, attempts })).toMatchObject(expected);
  });

  it('does not know what became of a message without an answer', async () => {
    expect(await robot(await listen(() => undefined)).send(first)).toMatchObject({ outcome: 'unknown' });
    const broken = await listen((_, response) => {
      response.writeHead(200, { 'content-length': '50' });
      response.write('{');
    });
    expect(await robot(broken).send(first)).toMatchObject({ outcome: 'unknown' });
  });

  it('never gives its address away', async () => {
    for (const url of [await listen(({ socket }) => socket.destroy()), new URL('http://10.0.0.1/')])
      expect(JSON.stringify(await robot(url).send(first))).not.toContain('secret-key');
  });

  it('keeps to twenty a minute unless told otherwise', async () => {
    const url = new URL('http://127.0.0.1/');
    expect(robot(url)).toMatchObject({ perMinute: 20, keyed: false, digestBy: 'channel' });
    expect(robot(url, { perMinute: 5 }).perMinute).toBe(5);
  });

  it('refuses what is no message', async () => {
    expect(await robot(new URL('http://127.0.0.1/')).send(gradeOf('g', 'A'))).toMatchObject({ outcome: 'refused' });
  });

  it('stays within 4096 bytes, cutting after a sentence', async () => {
    const { url, taken } = await receiver(200, errcode(0));
    await robot(url).send(withText('近一年销售额下降很多。'.repeat(300)));
    const content = contentOf(taken[0]!.body);
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(content)).toBeGreaterThan(4_000);
    expect(content).toMatch(/下降很多。…\n<@repexample\.com>|下降很多。…\n<@rep@example\.com>/);
    expect(content).toMatch(/<\/font>$/);
  });

  it('lets no name of a customer mention, link or colour', async () => {
    const { url, taken } = await receiver(200, errcode(0));
    await robot(url).send(withText('<@all> [pay](http://evil) <font color="warning">x</font>'));
    const text = contentOf(taken[0]!.body).split('\n')[1];
    expect(text).not.toMatch(/[<>]|\]\(/);
    expect(text).toContain('＜@all＞');
    expect(plainForWecom('a`b')).toBe('aˋb');
  });
});

describe('cutToBytes', () => {
  it('leaves alone what fits', () => {
    expect(cutToBytes('够短。', 9)).toBe('够短。');
  });

  it('cuts a long sentence inside, between characters', () => {
    expect(cutToBytes('短。很长很长很长很长', 20)).toBe('短。很长很…');
    expect(cutToBytes('First one. Second', 16)).toBe('First one.…');
    expect(cutToBytes('abc', 2)).toBe('');
  });

  it('never exceeds its bytes and never breaks a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.nat(120), (text, max) => {
        const cut = cutToBytes(text, max);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(max);
        expect(Buffer.from(cut, 'utf8').toString('utf8')).toBe(cut);
        expect(text.startsWith(cut.replace(/…$/, '')) || text === cut).toBe(true);
      }),
    );
  });
});
