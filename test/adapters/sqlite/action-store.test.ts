import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sqliteActionStore } from '../../../shared/adapters/sqlite/action-store.ts';
import { actionSchema } from '../../../shared/adapters/sqlite/action-store-rows.ts';
import { type Database, openDatabase } from '../../../shared/adapters/sqlite/database.ts';
import { TenantId } from '../../../shared/domain/ids.ts';
import { acme, blank, deliveryOf, noon, tenant } from '../../contract/action-samples.ts';
import { actionStoreContract } from '../../contract/action-store.ts';

const opened: { db: Database; folder: string }[] = [];
const openFile = (): { db: Database; file: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'regrade-actions-'));
  const file = join(folder, 'store.sqlite');
  const db = openDatabase(file, actionSchema);
  opened.push({ db, folder });
  return { db, file };
};

afterEach(() => {
  for (const { db, folder } of opened.splice(0)) {
    db.close();
    rmSync(folder, { recursive: true });
  }
});

actionStoreContract('SQLite', () => sqliteActionStore(openFile().db, tenant));

describe('acting on one file', () => {
  const pace = { sends: 2, windowMs: 60_000 };

  it('does not burst beyond the pace after a restart', async () => {
    const { db, file } = openFile();
    const store = sqliteActionStore(db, tenant);
    const deliveries = ['1', '2', '3'].map((n) => deliveryOf(n, { channel: 'team' }));
    await store.commitAll([{ next: { ...blank, version: 1 }, deliveries }], noon);
    for (let sends = 0; sends < 2; sends += 1) {
      const [sent] = await store.claimSending({ channel: 'team', wallNow: noon, limit: 10, pace });
      await store.settle([{ ...sent!, status: 'delivered' }]);
    }
    db.close();
    const again = openDatabase(file, actionSchema);
    opened[0] = { db: again, folder: opened[0]!.folder };
    const restarted = sqliteActionStore(again, tenant);
    expect(await restarted.claimSending({ channel: 'team', wallNow: noon + 59_999, limit: 10, pace })).toEqual([]);
    expect(await restarted.claimSending({ channel: 'team', wallNow: noon + 60_000, limit: 10, pace })).toHaveLength(1);
  });

  it('keeps tenants apart', async () => {
    const { db } = openFile();
    const [one, two] = [sqliteActionStore(db, tenant), sqliteActionStore(db, TenantId.parse('other'))];
    const commit = [{ next: { ...blank, version: 1 }, deliveries: [deliveryOf('a')] }];
    await one.commitAll(commit, noon);
    expect(await two.commitAll(commit, noon)).toEqual([{ outcome: 'committed' }]);
    expect(await one.claimSending({ channel: 'team', wallNow: noon, limit: 10 })).toHaveLength(1);
    expect(await two.findDeliveries([deliveryOf('a').id])).toMatchObject([{ status: 'pending' }]);
    await two.disableChannel({ channel: 'team', reason: 'gone', since: noon });
    expect(await one.readDisabledChannels()).toEqual([]);
    expect((await two.findStates([acme])).size).toBe(1);
  });
});
