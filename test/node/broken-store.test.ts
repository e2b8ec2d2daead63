import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { storeFileOf } from '#infra/node/open-engine.ts';
import { startNode } from '#infra/node/start-node.ts';
import { type Database, openDatabase } from '#shared/adapters/sqlite/database.ts';
import { simulatedClock } from '#shared/runtime/clocks.ts';
import { plantStart } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { sendShop, shopWorkspace, signShop } from '../kit/shop-workspace.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

/** The node's own connection: how much a file may hold is a setting of the connection that writes to it. */
const opened = vi.hoisted(() => [] as Database[]);
vi.mock(import('#shared/adapters/sqlite/database.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    openDatabase: (...args) => {
      const db = real.openDatabase(...args);
      opened.push(db);
      return db;
    },
  };
});

const customer = (id: string, size = 1) => ({ type: 'customer', id, name: 'x'.repeat(size), changedAt: plantStart });
const start = async (folder: string) =>
  startNode(shopWorkspace({ folder }), { clock: simulatedClock(plantStart), log: quietLog() });

describe('a node whose disk is full', () => {
  it('answers 503, says why it must stop, and has lost nothing it acknowledged when it starts again', async () => {
    const folder = temporaryFolder();
    const node = await start(folder);
    expect((await sendShop(node.url, signShop([customer('1')]))).status).toBe(200);
    await node.idle();
    const db = opened.at(-1)!;
    const pages = Number(Object.values(db.prepare('PRAGMA page_count').get() ?? {})[0]);
    db.prepare(`PRAGMA max_page_count=${pages + 4}`).get();
    const answers: number[] = [];
    for (let delivery = 0; delivery < 6; delivery += 1)
      answers.push((await sendShop(node.url, signShop([customer(`big-${delivery}`, 60_000)]))).status);
    expect(answers.at(-1)).toBe(503);
    const error = await node.failed;
    expect(error).toMatchObject({ code: 'STORE_FULL', retryable: false });
    await node.stop();

    const again = await start(folder);
    onTestFinished(() => again.stop());
    await again.idle();
    const health = (await (await fetch(`${again.url}/health`)).json()) as {
      status: string;
      connections: { received: number; waiting: number }[];
    };
    const taken = answers.filter((status) => status === 200).length;
    expect(health).toMatchObject({ status: 'ok', connections: [{ received: 1 + taken, waiting: 0 }] });
    expect((await sendShop(again.url, signShop([customer('2')]))).status).toBe(200);
  });
});

describe('a node whose file is damaged', () => {
  it('does not start, says that the file is damaged, and leaves it to whoever repairs it', async () => {
    const folder = temporaryFolder();
    const node = await start(folder);
    await sendShop(node.url, signShop(Array.from({ length: 100 }, (_, i) => customer(String(i)))));
    await node.idle();
    await node.stop();
    const file = storeFileOf(join(folder, 'data'));
    const whole = openDatabase(file, []);
    whole.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    whole.close();
    const pages = openSync(file, 'r+');
    writeSync(pages, Buffer.alloc(statSync(file).size - 4_096, 0xa5), 0, undefined, 4_096);
    closeSync(pages);
    const expected = { code: 'STORE_CORRUPT', retryable: false, message: expect.stringContaining('damaged') as string };
    for (const _ of [1, 2]) await expect(start(folder)).rejects.toMatchObject(expected);
  });
});
