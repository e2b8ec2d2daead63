import { describe, expect, it, onTestFinished } from 'vitest';
import type { SharedToken, TokenStore } from '#shared/ports/token-store.ts';

/** One store, empty at first. */
export interface TokenStoreGround {
  readonly store: TokenStore;
  /** The same store as another process or a restart would open it. */
  readonly another: () => Promise<TokenStore>;
  readonly close: () => Promise<void>;
}

const token: SharedToken = { accessToken: 'secret-1', expiresAt: 5_000, extra: { apiDomain: 'https://api.example' } };

/** What every TokenStore promises. Each engine's test file runs this same list. */
export const tokenStoreContract = (engine: string, open: () => Promise<TokenStoreGround>): void => {
  const ground = async (): Promise<TokenStoreGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`TokenStore on ${engine}`, () => {
    it('gives back the token saved last, by connection, also to a new instance', async () => {
      const { store, another } = await ground();
      expect(await store.find('zoho')).toBeUndefined();
      await store.save('zoho', { ...token, accessToken: 'old' });
      await store.save('zoho', token);
      expect(await store.find('zoho')).toEqual(token);
      expect(await (await another()).find('zoho')).toEqual(token);
      expect(await store.find('other')).toBeUndefined();
    });

    it('lets one mint at a time, for a while', async () => {
      const { store, another } = await ground();
      expect(await store.acquireLease('zoho', 'a', 1_000, 500)).toBe(true);
      expect(await (await another()).acquireLease('zoho', 'b', 1_499, 500)).toBe(false);
      expect(await store.acquireLease('other', 'b', 1_499, 500)).toBe(true);
      expect(await store.acquireLease('zoho', 'b', 1_500, 500)).toBe(true);
      expect(await store.acquireLease('zoho', 'a', 1_600, 500)).toBe(false);
    });

    it('gives the lease to one of many that ask at once', async () => {
      const { store, another } = await ground();
      const stores = [store, await another()] as const;
      const asked = ['a', 'b', 'c', 'd', 'e', 'f'].map((holder, index) =>
        stores[index % 2 === 0 ? 0 : 1].acquireLease('zoho', holder, 1_000, 500),
      );
      expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1);
    });

    it('lets its holder take the lease again', async () => {
      const { store } = await ground();
      for (const now of [1_000, 1_100, 1_200]) expect(await store.acquireLease('zoho', 'a', now, 500)).toBe(true);
      expect(await store.acquireLease('zoho', 'b', 1_699, 500)).toBe(false);
    });

    it('ends the lease with the token it was taken for', async () => {
      const { store } = await ground();
      await store.acquireLease('zoho', 'a', 1_000, 500);
      await store.save('zoho', token);
      expect(await store.acquireLease('zoho', 'b', 1_001, 500)).toBe(true);
      expect(await store.acquireLease('zoho', 'a', 1_002, 500)).toBe(false);
    });

    it('has no token only because somebody is about to mint one, and keeps one meanwhile', async () => {
      const { store } = await ground();
      await store.acquireLease('zoho', 'a', 1_000, 500);
      expect(await store.find('zoho')).toBeUndefined();
      await store.save('zoho', token);
      await store.acquireLease('zoho', 'b', 9_000, 500);
      expect(await store.find('zoho')).toEqual(token);
    });
  });
};
