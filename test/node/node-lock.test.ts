import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockStore } from '#infra/node/node-lock.ts';
import { openEngine, storeFileOf } from '#infra/node/open-engine.ts';
import { systemClock } from '#shared/runtime/clocks.ts';
import { tenant } from '../kit/plant.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

/** A process that holds the lock of a store until it is ended. */
const holdElsewhere = async (file: string) => {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', new URL('../kit/hold-lock.ts', import.meta.url).pathname, file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
};

describe('the lock of a store', () => {
  it('refuses a second process, and is free the moment the first is killed', async () => {
    const file = join(temporaryFolder(), 'regrade.db');
    const other = await holdElsewhere(file);
    expect(() => lockStore(file)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE', retryable: false }) as Error);
    expect(() => lockStore(file)).toThrow(file);
    await other.kill();
    lockStore(file).release();
  });

  it('refuses a second holder in one process, until it is released', () => {
    const file = join(temporaryFolder(), 'regrade.db');
    const lock = lockStore(file);
    expect(() => lockStore(file)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }) as Error);
    lock.release();
    lockStore(file).release();
  });

  it('keeps nobody off another store', () => {
    const folder = temporaryFolder();
    const locks = ['a.db', 'b.db'].map((name) => lockStore(join(folder, name)));
    for (const lock of locks) lock.release();
  });

  it('is not mistaken for another node where the file cannot be written', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'regrade.db');
    mkdirSync(`${file}.lock`);
    expect(() => lockStore(file)).toThrow(
      expect.objectContaining({ code: 'STORE_UNAVAILABLE', retryable: false }) as Error,
    );
  });

  it('is given back when the store behind it cannot be opened', () => {
    const folder = temporaryFolder();
    writeFileSync(storeFileOf(folder), 'this was a letter to my bank'.repeat(500));
    const settings = { folder, tenant, clock: systemClock, onFatal: () => undefined };
    for (const _ of [1, 2])
      expect(() => openEngine(settings)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }) as Error);
  });
});
