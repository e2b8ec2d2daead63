import { describe, expect, it, onTestFinished } from 'vitest';
import { TenantId } from '#shared/domain/ids.ts';
import type { ModelPointer, ModelVersion } from '#shared/domain/model-pointer.ts';
import type { ModelRegistry } from '#shared/ports/model-registry.ts';
import { acme, hexOf, other } from './customer-states.ts';

/** One registry, empty at first. */
export interface ModelRegistryGround {
  readonly registry: ModelRegistry;
  /** The same one as another process or a restart would open it. */
  readonly another: () => Promise<ModelRegistry>;
  readonly close: () => Promise<void>;
}

const versionOf = (id: string, version: number, content = `{"id":"${id}","version":${version}}`): ModelVersion => ({
  id,
  version,
  hash: hexOf(content),
  content,
  at: 1_760_000_000_000 + version,
  by: 'Ann 安',
  why: '新的分界',
});

const pointerOf = (revision: number, changes: Partial<ModelPointer> = {}): ModelPointer => ({
  revision,
  live: {
    epoch: revision,
    models: [{ id: 'abc', version: revision, hash: hexOf(`m${revision}`), born: revision }],
    at: 1_760_000_000_000,
    by: 'start',
    why: 'first start',
    alerts: 'send',
  },
  past: [],
  newest: revision,
  ...changes,
});

/** What every ModelRegistry promises. Each engine's test file runs this same list. */
export const modelRegistryContract = (engine: string, open: () => Promise<ModelRegistryGround>): void => {
  const ground = async (): Promise<ModelRegistryGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`ModelRegistry on ${engine}`, () => {
    it('gives a version back as it was published, also to another process', async () => {
      const { registry, another } = await ground();
      const long = versionOf('abc', 1, JSON.stringify({ text: '客'.repeat(30_000) }));
      expect(await registry.register(acme, long)).toEqual({ outcome: 'registered' });
      expect(await (await another()).findVersions(acme, [long])).toEqual([long]);
      expect(await registry.findVersions(acme, [{ id: 'abc', version: 2 }])).toEqual([]);
      expect(await registry.findVersions(other, [long])).toEqual([]);
      expect(await registry.findVersions(acme, [])).toEqual([]);
    });

    it('keeps who published a content first when it comes again', async () => {
      const { registry, another } = await ground();
      const first = versionOf('abc', 1);
      await registry.register(acme, first);
      const again = { ...first, at: first.at + 9, by: 'Bob', why: 'once more' };
      expect(await (await another()).register(acme, again)).toEqual({ outcome: 'known', stored: first });
      expect(await registry.findVersions(acme, [first])).toEqual([first]);
    });

    it('refuses another content under a number that is taken, and says whose it is', async () => {
      const { registry, another } = await ground();
      const first = versionOf('abc', 1);
      await registry.register(acme, first);
      const edited = versionOf('abc', 1, '{"edited":true}');
      expect(await (await another()).register(acme, edited)).toEqual({ outcome: 'taken', stored: first });
      expect(await registry.findVersions(acme, [edited])).toEqual([first]);
      expect(await registry.register(other, edited)).toEqual({ outcome: 'registered' });
    });

    it('takes one of two contents that come at once', async () => {
      const { registry, another } = await ground();
      const registries = [registry, await another()] as const;
      const outcomes = await Promise.all(
        ['a', 'b', 'c', 'd'].map((content, i) =>
          registries[i % 2 === 0 ? 0 : 1].register(acme, versionOf('abc', 7, content)),
        ),
      );
      expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['registered', 'taken', 'taken', 'taken']);
    });

    it('lists all versions by model and number', async () => {
      const { registry } = await ground();
      const all = [versionOf('abc', 2), versionOf('abc', 10), versionOf('abc-2', 1), versionOf('x', 1)];
      for (const version of [3, 0, 2, 1].map((i) => all[i])) if (version) await registry.register(acme, version);
      await registry.register(other, versionOf('elsewhere', 1));
      expect(await registry.listVersions(acme)).toEqual(all);
      expect(await registry.listVersions(TenantId.parse('nobody'))).toEqual([]);
    });

    it('points to what was put last, with all it says', async () => {
      const { registry, another } = await ground();
      expect(await registry.readPointer(acme)).toBeUndefined();
      expect(await registry.putPointer(acme, pointerOf(1))).toBe(true);
      const { live } = pointerOf(1);
      const next = pointerOf(2, {
        coming: { ...live, epoch: 3, alerts: 'digest' },
        building: { epoch: 3, phase: 'visiting', cursor: 'account:shop:17', visited: 500 },
        past: [live],
        newest: 3,
      });
      expect(await (await another()).putPointer(acme, next)).toBe(true);
      expect(await registry.readPointer(acme)).toEqual(next);
      expect(await registry.readPointer(other)).toBeUndefined();
    });

    it('puts a pointer only over the revision before it', async () => {
      const { registry } = await ground();
      expect(await registry.putPointer(acme, pointerOf(2))).toBe(false);
      expect(await registry.putPointer(acme, pointerOf(1))).toBe(true);
      expect(await registry.putPointer(acme, pointerOf(1, { newest: 9 }))).toBe(false);
      expect(await registry.putPointer(acme, pointerOf(3))).toBe(false);
      expect(await registry.readPointer(acme)).toEqual(pointerOf(1));
    });

    it('takes one of many pointers that come at once', async () => {
      const { registry, another } = await ground();
      const registries = [registry, await another()] as const;
      for (const revision of [1, 2]) {
        const puts = [1, 2, 3, 4, 5, 6].map((newest) =>
          registries[newest % 2 === 0 ? 0 : 1].putPointer(acme, pointerOf(revision, { newest })),
        );
        expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
      }
    });
  });
};
