import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryTokenStore } from '#shared/adapters/memory/token-store.ts';
import { sqliteTokenStore, tokenSchema } from '#shared/adapters/sqlite/token-store.ts';
import type { TokenStore } from '#shared/ports/token-store.ts';
import { openTemporary } from './open-temporary.ts';

const onFile = (): TokenStore => {
  const { db, remove } = openTemporary(tokenSchema);
  onTestFinished(remove);
  return sqliteTokenStore(db);
};
const token = { accessToken: 'secret-1', expiresAt: 5_000, extra: { apiDomain: 'https://api.example' } };

describe.each([
  ['SQLite', onFile],
  ['memory', memoryTokenStore],
] as const)('TokenStore on %s', (_, open) => {
  it('gives back the token saved last, by connection', async () => {
    const store = open();
    expect(await store.find('zoho')).toBeUndefined();
    await store.save('zoho', { ...token, accessToken: 'old' });
    await store.save('zoho', token);
    expect(await store.find('zoho')).toEqual(token);
    expect(await store.find('other')).toBeUndefined();
  });

  it('lets one mint at a time, for a while', async () => {
    const store = open();
    expect(await store.acquireLease('zoho', 'a', 1_000, 500)).toBe(true);
    expect(await store.acquireLease('zoho', 'b', 1_499, 500)).toBe(false);
    expect(await store.acquireLease('other', 'b', 1_499, 500)).toBe(true);
    expect(await store.acquireLease('zoho', 'b', 1_500, 500)).toBe(true);
    expect(await store.acquireLease('zoho', 'a', 1_600, 500)).toBe(false);
  });

  it('lets its holder take the lease again', async () => {
    const store = open();
    for (const now of [1_000, 1_100, 1_200]) expect(await store.acquireLease('zoho', 'a', now, 500)).toBe(true);
  });

  it('has no token only because somebody is about to mint one', async () => {
    const store = open();
    await store.acquireLease('zoho', 'a', 1_000, 500);
    expect(await store.find('zoho')).toBeUndefined();
    await store.save('zoho', token);
    await store.acquireLease('zoho', 'b', 9_000, 500);
    expect(await store.find('zoho')).toEqual(token);
  });
});

describe('a file', () => {
  it('keeps its tokens over a restart', async () => {
    const { db, remove } = openTemporary(tokenSchema);
    onTestFinished(remove);
    await sqliteTokenStore(db).save('zoho', token);
    expect(await sqliteTokenStore(db).find('zoho')).toEqual(token);
  });
});
