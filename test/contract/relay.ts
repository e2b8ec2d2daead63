import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '#shared/definitions/limits.ts';
import { topics } from '#shared/definitions/topics.ts';
import type { Relay } from '#shared/ports/relay.ts';

/** One relay, empty at first. */
export interface RelayGround {
  readonly relay: Relay;
  /** The same relay as another process or a restart would open it. */
  readonly another: () => Promise<Relay>;
  readonly close: () => Promise<void>;
}

export const relayed = (...names: readonly string[]) => names.map((name) => ({ key: `k-${name}`, value: name }));

const now = 1_760_000_000_000;

/** What every Relay promises. Each engine's test file runs this same list. */
export const relayContract = (engine: string, open: () => Promise<RelayGround>): void => {
  const ground = async (): Promise<RelayGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };
  const valuesOf = (batches: Awaited<ReturnType<Relay['claim']>>) =>
    batches.flatMap(({ records }) => records.map(({ value }) => value));

  describe(`Relay on ${engine}`, () => {
    it('holds nothing at first, and takes nothing for a batch', async () => {
      const { relay } = await ground();
      await relay.put(topics.dead, [], now);
      await relay.remove([]);
      await relay.remove(['never-put']);
      await relay.setAside(['never-put']);
      expect(await relay.claim(now, 10)).toEqual([]);
      expect(await relay.count()).toEqual(new Map());
    });

    it('gives batches back as they were put, in order, though a clock stands still or goes back', async () => {
      const { relay, another } = await ground();
      await relay.put(topics.dead, relayed('客户 \ud83d', '2'), now);
      await relay.put(topics.events, relayed('3'), now);
      await relay.put(topics.dead, relayed('4'), now - 50);
      const claimed = await (await another()).claim(now + 10, 10);
      expect(claimed.map(({ topic, records }) => ({ topic, records }))).toEqual([
        { topic: topics.dead, records: relayed('客户 \ud83d', '2') },
        { topic: topics.events, records: relayed('3') },
        { topic: topics.dead, records: relayed('4') },
      ]);
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(3);
    });

    it('gives out nothing while another one has the first, for a while: nothing overtakes', async () => {
      const { relay, another } = await ground();
      for (const name of ['1', '2', '3']) await relay.put(topics.events, relayed(name), now);
      const first = await relay.claim(now, 2);
      expect(valuesOf(first)).toEqual(['1', '2']);
      const second = await another();
      expect(await second.claim(now + limits.relayClaimMs - 1, 10)).toEqual([]);
      await relay.remove(first.slice(0, 1).map(({ id }) => id));
      expect(await second.claim(now + limits.relayClaimMs - 1, 10)).toEqual([]);
      expect(valuesOf(await second.claim(now + limits.relayClaimMs, 10))).toEqual(['2', '3']);
    });

    it('goes on behind what was removed', async () => {
      const { relay, another } = await ground();
      for (const name of ['1', '2', '3']) await relay.put(topics.events, relayed(name), now);
      await relay.remove((await relay.claim(now, 2)).map(({ id }) => id));
      expect(valuesOf(await (await another()).claim(now, 10))).toEqual(['3']);
    });

    it('gives each batch to one of several that claim at once, whatever they get in order', async () => {
      const { relay, another } = await ground();
      const names = Array.from({ length: 12 }, (_, index) => String(index));
      for (const name of names) await relay.put(topics.events, relayed(name), now);
      const relays = [relay, await another(), await another()];
      const claimed = await Promise.all(relays.map((each) => each.claim(now, 20)));
      expect(claimed.map(valuesOf).flat()).toEqual(names);
    });

    it('keeps what is set aside, and hands out what stands behind it', async () => {
      const { relay } = await ground();
      for (const name of ['1', '2']) await relay.put(topics.events, relayed(name), now);
      const [first] = await relay.claim(now, 1);
      await relay.setAside([first?.id ?? '']);
      expect(valuesOf(await relay.claim(now + limits.relayClaimMs * 9, 10))).toEqual(['2']);
      expect(await relay.count()).toEqual(new Map([[topics.events, 2]]));
    });

    it('counts the records that wait by topic, claimed ones too', async () => {
      const { relay } = await ground();
      await relay.put(topics.events, relayed('1', '2'), now);
      await relay.put(topics.dead, relayed('3'), now);
      await relay.put(topics.events, relayed('4'), now);
      const claimed = await relay.claim(now, 2);
      expect(await relay.count()).toEqual(
        new Map([
          [topics.events, 3],
          [topics.dead, 1],
        ]),
      );
      await relay.remove(claimed.map(({ id }) => id));
      expect(await relay.count()).toEqual(new Map([[topics.events, 1]]));
    });

    it('takes more than a table takes at once, in order', async () => {
      const { relay } = await ground();
      const many = Array.from({ length: 12 }, (_, index) => ({
        key: 'k',
        value: `${index} `.padEnd(400_000, '客户\u0000'),
      }));
      await relay.put(topics.events, many, now);
      const claimed = await relay.claim(now, 100);
      expect(claimed.flatMap(({ records }) => records)).toEqual(many);
    });
  });
};
