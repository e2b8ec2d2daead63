import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readPosition } from '#infra/demo/demo-position.ts';
import { readInvoices } from '#infra/demo/read-invoices.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import {
  fewInvoices,
  type Lapse,
  lapsesFromScratch,
  lookIntoDemo,
  runFew,
  standingsFromScratch,
  untilOffered,
} from './demo-runs.ts';

const puts = (): number => {
  const sold = fewInvoices.filter(({ customer }) => customer !== undefined);
  return sold.length + new Set(sold.map(({ customer }) => customer)).size;
};

/** Seconds on a free machine; others may be at work on it. */
const slow = { timeout: 60_000 };

const byCustomerAndTime = ([a, x]: Lapse, [b, y]: Lapse): number => a.localeCompare(b) || x - y;

describe('runDemo', () => {
  it('grades every customer of the file by exactly what it paid, tells each change once and proves it', async () => {
    const folder = temporaryFolder();
    const { code, said } = await runFew({ folder });
    expect(said).toContain('balanced: nothing was lost');
    expect(said).toContain('every chain is whole');
    expect(said).toContain('every signature right');
    expect(code).toBe(0);

    const { warnings, standings, changes, faults, status, deliveries } = await lookIntoDemo(folder);
    expect(warnings).toEqual([]);
    expect(standings).toEqual(await standingsFromScratch(fewInvoices));
    expect(faults).toBe(0);
    expect(deliveries('alerts', 'delivered')).toBe(changes);
    expect(deliveries('grades', 'delivered') + deliveries('grades', 'superseded')).toBe(changes);

    const [account] = status.accounts;
    const { received = 0, resolved = 0, coalesced = 0, deduplicated = 0, rejected = {} } = account ?? {};
    // each write-back came back as a notification, and went no further; what the CRM had already was not written again
    const { 'own-write': echoes = 0, ...others } = rejected;
    expect(others).toEqual({});
    expect(echoes).toBeGreaterThan(0);
    expect(echoes).toBeLessThanOrEqual(deliveries('grades', 'delivered'));
    expect(resolved + coalesced + deduplicated).toBe(puts());
    expect(received).toBe(puts() + echoes);
  });

  it('lets every window lapse at its midnight, after all that happened before it', slow, async () => {
    const folder = temporaryFolder();
    const halfYear = readInvoices().filter(({ at }) => at < Date.UTC(2011, 6, 1));
    const invoices = halfYear.filter(({ customer }) => customer !== undefined && Number(customer) % 61 === 0);
    const { code } = await runFew({ folder }, { invoices });
    expect(code).toBe(0);
    const { standings, lapses, deliveries } = await lookIntoDemo(folder);
    const expected = await lapsesFromScratch(invoices);
    expect(expected.length).toBeGreaterThan(20);
    expect(lapses.toSorted(byCustomerAndTime)).toEqual(expected.toSorted(byCustomerAndTime));
    expect(standings).toEqual(await standingsFromScratch(invoices));
    expect(deliveries('tasks', 'delivered')).toBeGreaterThan(0);
  });

  it('goes on after a stop in the middle and ends where it would have without', async () => {
    const folder = temporaryFolder();
    const stopped = await runFew({ folder }, { stopRequested: () => untilOffered(folder, 100) });
    expect(stopped.code).toBe(0);
    expect(stopped.said).toContain('Start it again to go on');
    const position = readPosition(folder);
    expect(position?.offered).toBeGreaterThanOrEqual(100);
    expect(position?.offered).toBeLessThan(300);
    expect(position?.taken).toBe(position?.offered);

    const { code, said } = await runFew({ folder });
    expect(code).toBe(0);
    expect(said).toContain('It goes on where it stopped');
    const { standings, changes, status, deliveries } = await lookIntoDemo(folder);
    expect(standings).toEqual(await standingsFromScratch(fewInvoices));
    expect(deliveries('alerts', 'delivered')).toBe(changes);
    const [account] = status.accounts;
    expect((account?.resolved ?? 0) + (account?.coalesced ?? 0) + (account?.deduplicated ?? 0)).toBe(puts());
  });

  it('loses nothing when it is killed on the way', slow, async () => {
    const folder = temporaryFolder();
    const script = fileURLToPath(new URL('./demo-process.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await untilOffered(folder, 150);
    await pause(20);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(readPosition(folder)?.offered).toBeLessThan(300);

    const { code } = await runFew({ folder });
    expect(code).toBe(0);
    const { standings, changes, deliveries } = await lookIntoDemo(folder);
    expect(standings).toEqual(await standingsFromScratch(fewInvoices));
    expect(deliveries('alerts', 'delivered')).toBe(changes);
  });

  it('serves on where somebody watches: grades a webhook pasted from its header, refuses a second demo, ends when asked to', async () => {
    const folder = temporaryFolder();
    let said = '';
    let stop: () => void = () => undefined;
    const running = runFew(
      { folder },
      {
        isTerminal: true,
        invoices: fewInvoices.slice(0, 20),
        write: (text) => {
          said += text;
        },
        stopRequested: () =>
          new Promise((resolve) => {
            stop = resolve;
          }),
      },
    );
    while (!said.includes('Stop with Ctrl+C')) await pause(10);
    const lines = said.slice(said.indexOf('    NOW='), said.indexOf("cut -d' ' -f1)\"") + "cut -d' ' -f1)\"".length);
    const { stdout } = await promisify(execFile)('bash', ['-c', lines]);
    expect(stdout).toMatch(/^HTTP\/1.1 200/);
    while ((await lookIntoDemo(folder)).standings.get('account:shop:acme')?.grade !== 'A') await pause(20);
    await expect(runFew({ folder, fresh: true })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    stop();
    expect((await running).code).toBe(0);
  });

  it('starts over with fresh, and keeps what else is in the folder', async () => {
    const folder = temporaryFolder();
    const invoices = fewInvoices.slice(0, 10);
    await runFew({ folder }, { invoices });
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const secret = readFileSync(join(folder, 'secrets', 'shop'), 'utf8');
    const { said } = await runFew({ folder, fresh: true }, { invoices });
    expect(said).not.toContain('It goes on where it stopped');
    expect(readFileSync(join(folder, 'secrets', 'shop'), 'utf8')).not.toBe(secret);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
    expect(statSync(join(folder, 'secrets', 'shop')).mode & 0o077).toBe(0);
  });

  it('names the faults of an edited workspace instead of starting', async () => {
    const folder = temporaryFolder();
    const invoices = fewInvoices.slice(0, 5);
    await runFew({ folder }, { invoices });
    const file = join(folder, 'regrade.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('currency: GBP', 'currency: pounds'));
    const { code, said } = await runFew({ folder }, { invoices });
    expect(code).toBe(1);
    expect(said).toContain('regrade.yaml:');
    expect(said).toContain('--fresh');
  });

  it('speaks Chinese', async () => {
    const { said } = await runFew(
      { folder: temporaryFolder(), language: 'zh' },
      { invoices: fewInvoices.slice(0, 10) },
    );
    expect(said).toContain('收支平衡');
    expect(said).toContain('所有链条完整');
    expect(said).toMatch(/近 90 天销售额|销售额/);
  });
});
