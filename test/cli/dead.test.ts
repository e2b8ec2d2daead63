import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DeadDesk } from '../../infra/cli/dead-desk.ts';
import { main } from '../../infra/cli/main.ts';
import { topics } from '../../shared/definitions/topics.ts';
import { encodeCloudEvent } from '../../shared/domain/cloud-event.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { Received } from '../../shared/ports/stream.ts';
import { exhausted, exhaustedOnQueue, exhaustedOnS3 } from '../domain/aws-failures.ts';
import { deadBench } from '../kit/dead-bench.ts';
import { handClock } from '../kit/hand-clock.ts';
import { temporaryWorkspace } from '../node/workspace/temporary-workspace.ts';
import { fakeContext } from './fake-context.ts';

const start = Date.UTC(2026, 6, 1, 8, 30);
const record = (offset: number, more: Partial<Received> = {}): Received => ({
  ...{ topic: topics.webhooks, partition: 0, offset, key: `shop/invoice/${offset}`, at: start + offset * 60_000 },
  value: encodeCloudEvent({ id: `e${offset}`, source: 's', type: 't', data: { name: 'Ann' } }, start),
  ...more,
});

interface DeskParts {
  readonly language?: Language;
  readonly append?: () => Promise<void>;
  /** Whether the brokers answer. */
  readonly reached?: boolean;
}

/** A desk with three letters, and the command line before it. */
const atDesk = async ({ language = 'en', append, reached = true }: DeskParts = {}) => {
  const bench = deadBench(handClock(start + 3_600_000));
  const park = bench.parkAs('resolve-records');
  await park(record(0), 'unknown-connection', 'there is no connection shop');
  await park(record(1, { value: 'garb\u001b[31mage' }), 'unreadable-hint', 'not JSON');
  await park(record(2), 'unknown-connection', 'there is no connection shop');
  const workspace = await temporaryWorkspace();
  const [opened, closed] = [
    { desks: 0, sendings: 0 },
    { desks: 0, sendings: 0 },
  ];
  const desk: DeadDesk = {
    canRead: async () => reached,
    letters: {
      read: async function* () {
        expect(reached).toBe(true);
        yield* [...bench.stream.read(topics.dead)];
      },
    },
    prefix: '',
    businessNow: bench.clock.businessNow,
    openSending: async (way) => {
      opened.sendings += 1;
      return {
        waits: way === 'table' || (way === undefined && !reached),
        stream: { append: append ?? bench.stream.append },
        close: async () => void (closed.sendings += 1),
      };
    },
    close: async () => void (closed.desks += 1),
  };
  const run = async (...argv: string[]) => {
    const terminal = fakeContext({
      language,
      openDeadDesk: async () => {
        opened.desks += 1;
        return desk;
      },
    });
    const code = await main(['dead', ...argv, '--workspace', workspace.file], terminal.context);
    expect(closed).toEqual(opened);
    return { code, out: terminal.out, err: terminal.err };
  };
  const sent = () => bench.stream.read(topics.webhooks).map(({ key }) => key);
  return { ...bench, run, sent, folder: workspace.folder, opened };
};

describe('dead list', () => {
  it('shows what was given up and what became of it, by the clock of the workspace and without payloads', async () => {
    const { run, list } = await atDesk();
    const [first = { id: '' }] = await list();
    await run('replay', '--id', first.id);
    const { code, out } = await run('list');
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(
        ` {2}${first.id.slice(0, 10)} {2}2026-07-01 09:30:00 {2}resolve-records {2}unknown-connection {2}regrade.webhooks-0@0 {2}shop/invoice/0 +1 {2}replayed 1×\n`,
      ),
    );
    expect(out).toMatch(/2026-07-01 09:31:00 .* unreadable-hint .* 1 {2}open\n/);
    expect(out).toContain('3 dead letters, 1 of them replayed.\n');
    expect(out).not.toMatch(/Ann|garb/);
  });

  it('gives a program everything but the payloads', async () => {
    const { run } = await atDesk();
    const { out } = await run('list', '--json', '--reason', 'unreadable-hint');
    expect(JSON.parse(out)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        parkedAt: '2026-07-01T08:31:00.000Z',
        replays: 0,
        ...{ reason: 'unreadable-hint', detail: 'not JSON', stage: 'resolve-records', attempts: 1 },
        ...{
          topic: 'regrade.webhooks',
          partition: 0,
          offset: 1,
          key: 'shop/invoice/1',
          at: '2026-07-01T08:31:00.000Z',
        },
      },
    ]);
  });

  it.each([
    [['--since', '60m'], 3],
    [['--since', '59m'], 2],
    [['--since', '2026-07-01T09:32'], 1],
    [['--until', '2026-07-01T08:31:30Z'], 2],
    [['--connection', 'crm'], 0],
    [['--function', 'resolve-records'], 3],
  ])('heeds %j', async (filter, count) => {
    const { run } = await atDesk();
    expect(JSON.parse((await run('list', '--json', ...filter)).out)).toHaveLength(count);
  });

  it('shows the newest where there are more than the limit', async () => {
    const { run } = await atDesk();
    const { out } = await run('list', '--limit', '1');
    expect(out).toContain('shop/invoice/2');
    expect(out).not.toContain('shop/invoice/1');
    expect(out).toContain('3 dead letters, 0 of them replayed.\nShown are the newest 1; --limit shows more.\n');
  });

  it('ends with 2 where it does not understand an instant', async () => {
    const { run } = await atDesk();
    const { code, err } = await run('list', '--since', 'yesterday');
    expect(code).toBe(2);
    expect(err).toContain('regrade: "yesterday" is no point in time\n    → write 90m');
  });

  it('speaks Chinese', async () => {
    const { run } = await atDesk({ language: 'zh' });
    expect((await run('list')).out).toContain('3 条死信，其中 0 条已重放。\n');
    expect((await run('list', '--connection', 'crm')).out).toBe('没有这样的死信。\n');
  });
});

describe('dead show', () => {
  it('shows one letter whole by the beginning of its id, and warns of its payload', async () => {
    const { run, list } = await atDesk();
    const [first] = await list();
    const { code, out, err } = await run('show', first?.id.slice(0, 8).toUpperCase() ?? '');
    expect(code).toBe(0);
    expect(out).toMatch(/ {2}Detail +there is no connection shop\n/);
    expect(out).toContain('"name": "Ann"');
    expect(err).toBe('The payload may hold personal data: mind where you copy it.\n');
  });

  it('keeps control characters from the terminal, and gives a program the very text', async () => {
    const { run, list } = await atDesk();
    const id = (await list())[1]?.id ?? '';
    expect((await run('show', id)).out).toContain('  garb [31mage\n');
    expect(JSON.parse((await run('show', id, '--json')).out)).toMatchObject({ payload: 'garb\u001b[31mage' });
  });

  it('says which letters an id could mean, or that there is none', async () => {
    const { run, list } = await atDesk();
    const several = await run('show', '');
    expect(several.code).toBe(1);
    for (const { id } of await list()) expect(several.err).toContain(id);
    expect(await run('show', 'xyz')).toEqual({ code: 1, out: '', err: `No dead letter's id begins with "xyz".\n` });
  });
});

describe('dead replay', () => {
  it('sends the open ones, says so, and ends with 1 where some cannot be sent', async () => {
    const { run, sent } = await atDesk();
    expect(await run('replay')).toEqual({
      code: 1,
      out: 'Replayed 2 dead letters.\n  1 not replayable: no JSON object (--force sends it as it is)\n',
      err: 'Replaying 2 dead letters at 50 records/s, about 1 s …\n',
    });
    expect(sent()).toEqual(['shop/invoice/0', 'shop/invoice/2']);
    expect((await run('replay', '--reason', 'unknown-connection')).out).toBe(
      'There is nothing to replay.\n  2 replayed before: left alone (--again replays them once more)\n',
    );
    expect(await run('replay', '--again', '--force', '--rate', '1000')).toMatchObject({
      code: 0,
      out: 'Replayed 3 dead letters.\n',
    });
  });

  it('sends nothing on a dry run, and opens no way to', async () => {
    const { run, sent, opened } = await atDesk();
    expect(await run('replay', '--dry-run', '--reason', 'unknown-connection')).toEqual({
      code: 0,
      out: 'Would replay 2 dead letters; nothing was sent.\n',
      err: '',
    });
    expect([sent(), opened.sendings]).toEqual([[], 0]);
  });

  it('sends none where an id fits several', async () => {
    const { run, sent } = await atDesk();
    expect((await run('replay', '--id', '')).code).toBe(1);
    expect(sent()).toEqual([]);
  });

  it('tells how far it is, for a log', async () => {
    const { run, parkAs } = await atDesk();
    const park = parkAs('resolve-records');
    for (let offset = 10; offset < 48; offset += 1) await park(record(offset), 'unknown-connection', '');
    const { err } = await run('replay', '--rate', '20', '--reason', 'unknown-connection');
    expect(err.split('\n').slice(1, -1)).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36].map((done) => `  ${done} of 40`));
  });

  it('says how far it came where it could not go on', async () => {
    const { run } = await atDesk({ append: () => Promise.reject(new Error('the broker is gone')) });
    const { code, err } = await run('replay');
    expect(code).toBe(1);
    expect(err).toContain('Stopped after 0 dead letters; run it again for the rest.\nregrade: the broker is gone\n');
  });

  it('sends the records in a folder of failure records, once, and names files that are none', async () => {
    const { run, sent, folder } = await atDesk();
    const failed = join(folder, 'failed', 'deeper');
    await mkdir(failed, { recursive: true });
    const changed = (offset: number) => ({ topic: topics.webhooks, offset, key: `shop/a/${offset}`, value: '{"a":1}' });
    await writeFile(join(failed, 'a.json'), JSON.stringify(exhaustedOnS3([changed(50), changed(51)])));
    await writeFile(join(failed, 'b.jsonl'), [52, 53].map((n) => JSON.stringify(exhausted([changed(n)]))).join('\n'));
    await writeFile(join(failed, 'c.json'), JSON.stringify([exhausted([changed(53)]), exhausted([changed(54)])]));
    await writeFile(
      join(failed, '..', 'd.json'),
      JSON.stringify(exhaustedOnQueue({ 'regrade.webhooks-0': ['60', '69'] })),
    );
    await writeFile(join(failed, 'odd.txt'), 'odd\n');
    const replayed = await run('replay', '--file', join(folder, 'failed'));
    expect(replayed.code).toBe(1);
    expect(replayed.out).toMatch(/^Replayed 5 dead letters\.\n {2}1 not replayable: no payload was kept/);
    expect(replayed.err).toContain('odd.txt: not a failure record of AWS Lambda\n');
    expect(sent()).toEqual([50, 51, 52, 53, 54].map((n) => `shop/a/${n}`));
    expect((await run('replay', '--file', join(failed, 'a.json'))).out).toMatch(
      /^There is nothing to replay\.\n {2}2 replayed before/,
    );
  });

  it('says what is wrong with a file that is not there', async () => {
    const { run } = await atDesk();
    const { code, err } = await run('replay', '--file', 'nowhere.json');
    expect(code).toBe(1);
    expect(err).toContain('nowhere.json');
  });
});

describe('dead letters from where no broker answers', () => {
  const failedFile = async (folder: string): Promise<string> => {
    const file = join(folder, 'failed.json');
    const lost = { topic: topics.webhooks, offset: 50, key: 'shop/a/50', value: '{"a":1}' };
    await writeFile(file, JSON.stringify(exhaustedOnS3([lost])));
    return file;
  };

  it.each([['list'], ['show', '9f2c4e1a'], ['replay']])('are not looked at on their topic: %s', async (...argv) => {
    const { run, opened } = await atDesk({ reached: false });
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^regrade: the brokers do not answer from here: .*\n {4}→ .*aws s3 sync/);
    expect(opened.sendings).toBe(0);
  });

  it('are read out of files, shown and sent by way of the table', async () => {
    const { run, sent, folder } = await atDesk({ reached: false });
    const file = await failedFile(folder);
    const listed = await run('list', '--file', file);
    expect(listed.out).toContain('retries-exhausted');
    expect(listed.err).toContain('it is not known which of these letters were replayed');
    const id = /^ {2}([0-9a-f]{10}) /m.exec(listed.out)?.[1] ?? '';
    expect((await run('show', id, '--file', file)).out).toContain('shop/a/50');
    const replayed = await run('replay', '--file', file);
    expect(replayed).toMatchObject({ code: 0, out: 'Replayed 1 dead letter.\n' });
    expect(replayed.err).toContain('It goes by way of the table: the clock takes it to its topic');
    expect(sent()).toEqual(['shop/a/50']);
  });

  it('have one way on the embedded engine', async () => {
    const { run, opened } = await atDesk();
    expect(await run('replay', '--via', 'table')).toMatchObject({
      code: 2,
      err: 'regrade: only what runs on Kafka and DynamoDB has two ways\n    → leave out --via\n',
    });
    expect(opened.sendings).toBe(0);
    expect((await run('replay', '--via', 'table', '--engine', 'kafka-dynamodb')).err).toContain('by way of the table');
  });
});

describe('the help of dead', () => {
  it.each(['list', 'show', 'replay'])('has examples of %s', async (command) => {
    const terminal = fakeContext();
    expect(await main(['dead', command, '--help'], terminal.context)).toBe(0);
    expect(terminal.out).toMatch(new RegExp(`Examples:\n {2}\\$ regrade dead ${command}`));
  });
});
