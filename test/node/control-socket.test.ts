import { existsSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { controlSocketOf, serveControl } from '#infra/node/control-socket.ts';
import { openControl } from '#infra/node/open-control.ts';
import { topics } from '#shared/definitions/topics.ts';
import { handStream } from '../kit/hand-stream.ts';
import { nothingToPublish } from '../kit/nothing-to-publish.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

const serving = async (file = join(temporaryFolder(), 'regrade.db')) => {
  const stream = handStream(() => 7);
  const log = quietLog();
  const control = await serveControl(file, { stream, publish: nothingToPublish, log });
  onTestFinished(() => control.stop());
  const caller = await openControl(file);
  onTestFinished(() => caller?.close());
  return { file, stream, log, control, caller };
};

/** Sends lines as they are, and gives back so many answers. */
const say = (file: string, text: string | Buffer, answers: number): Promise<unknown[]> =>
  new Promise((resolve, reject) => {
    const socket = connect(controlSocketOf(file));
    let heard = '';
    socket.on('error', reject).on('data', (data: Buffer) => {
      heard += data.toString('utf8');
      const lines = heard.split('\n').slice(0, -1);
      if (lines.length < answers) return;
      socket.destroy();
      resolve(lines.map((line) => JSON.parse(line) as unknown));
    });
    socket.write(text);
  });

describe('the control socket of a node', () => {
  it('appends for a command, in order, at the instant of the node', async () => {
    const { stream, caller } = await serving();
    await caller?.append(topics.webhooks, [
      { key: 'a', value: '客户', at: 1 },
      { key: 'b', value: '{"x":"\\n"}\n' },
    ]);
    await caller?.append(topics.dead, [{ key: 'c', value: '3' }]);
    expect(stream.read(topics.webhooks).map(({ key, value, at }) => [key, value, at])).toEqual([
      ['a', '客户', 7],
      ['b', '{"x":"\\n"}\n', 7],
    ]);
    expect(stream.read(topics.dead)).toHaveLength(1);
  });

  it('is for this user alone', async () => {
    const { file } = await serving();
    expect(statSync(controlSocketOf(file)).mode & 0o777).toBe(0o600);
  });

  it('tells the caller what failed, as a failure that may pass', async () => {
    const file = join(temporaryFolder(), 'regrade.db');
    const append = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    const control = await serveControl(file, { stream: { append }, publish: nothingToPublish, log: quietLog() });
    onTestFinished(() => control.stop());
    const caller = await openControl(file);
    onTestFinished(() => caller?.close());
    await expect(caller?.append(topics.dead, [])).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
      message: 'the disk is full',
    });
  });

  it.each([
    'x',
    '{}',
    '[]',
    '""',
    '{"command":"append","topic":"orders","records":[]}',
    '{"command":"drop","topic":"regrade.dead","records":[]}',
  ])('refuses %s and goes on', async (line) => {
    const { file, stream } = await serving();
    const good = JSON.stringify({ command: 'append', topic: 'regrade.dead', records: [{ key: 'k', value: 'v' }] });
    expect(await say(file, `${line}\n${good}\n`, 2)).toEqual([
      { ok: false, problem: 'not a request that this node understands' },
      { ok: true },
    ]);
    expect(stream.read(topics.dead)).toHaveLength(1);
  });

  it('survives a caller that leaves in the middle', async () => {
    const { file, caller, stream } = await serving();
    for (const text of ['{"command":"app', `${'x'.repeat(500_000)}\n`.repeat(3)]) {
      const socket = connect(controlSocketOf(file));
      await new Promise((resolve) => socket.once('connect', resolve));
      await new Promise((resolve) => socket.write(text, resolve));
      socket.destroy();
    }
    await caller?.append(topics.dead, [{ key: 'k', value: 'v' }]);
    expect(stream.read(topics.dead)).toHaveLength(1);
  });

  it('answers what it has in hand before it stops, then is gone', async () => {
    const file = join(temporaryFolder(), 'regrade.db');
    let finish: () => void = () => undefined;
    let begun: () => void = () => undefined;
    const beginning = new Promise<void>((resolve) => (begun = resolve));
    const append = (): Promise<void> => {
      begun();
      return new Promise((resolve) => (finish = resolve));
    };
    const control = await serveControl(file, { stream: { append }, publish: nothingToPublish, log: quietLog() });
    const caller = await openControl(file);
    onTestFinished(() => caller?.close());
    const appended = caller?.append(topics.dead, [{ key: 'k', value: 'v' }]);
    await beginning;
    const stopped = control.stop();
    finish();
    await stopped;
    await expect(appended).resolves.toBeUndefined();
    expect(existsSync(controlSocketOf(file))).toBe(false);
    await expect(caller?.append(topics.dead, [])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await openControl(file)).toBeUndefined();
  });

  it('takes the place of what a killed node left behind', async () => {
    const file = join(temporaryFolder(), 'regrade.db');
    writeFileSync(controlSocketOf(file), '');
    expect(await openControl(file)).toBeUndefined();
    const { caller } = await serving(file);
    await expect(caller?.append(topics.dead, [])).resolves.toBeUndefined();
  });

  it('is not there where its path would be too long, and says so', async () => {
    const file = join(temporaryFolder(), 'x'.repeat(120));
    const { caller, log } = await serving(file);
    expect(caller).toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'warn' }]);
  });
});
