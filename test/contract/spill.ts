import { describe, expect, it, onTestFinished } from 'vitest';
import { limits } from '#shared/definitions/limits.ts';
import type { Hint } from '#shared/domain/hint.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import type { Spill } from '#shared/ports/spill.ts';
import { acme, firstInstant } from './customer-states.ts';

/** One spill, empty at first. */
export interface SpillGround {
  readonly spill: Spill;
  /** The same spill as another process or a restart would open it. */
  readonly another: () => Promise<Spill>;
  readonly close: () => Promise<void>;
}

/** The hints of one delivery. */
export const spilledHints = (delivery: string, count = 1, payload?: Hint['payload']): readonly Hint[] =>
  Array.from({ length: count }, (_, index) => ({
    tenant: acme,
    connection: ConnectionId.parse(delivery.startsWith('erp') ? 'erp' : 'zoho-eu'),
    object: 'Accounts',
    id: `${index}`,
    operation: 'upsert',
    delivery,
    receivedAt: firstInstant,
    ...(payload === undefined ? {} : { payload }),
  }));

const now = 1_760_000_000_000;

/** What every Spill promises. Each engine's test file runs this same list. */
export const spillContract = (engine: string, open: () => Promise<SpillGround>): void => {
  const ground = async (): Promise<SpillGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`Spill on ${engine}`, () => {
    it('holds nothing at first, and takes nothing for a delivery', async () => {
      const { spill } = await ground();
      await spill.put([], now);
      await spill.remove([]);
      await spill.remove([`${String(now).padStart(15, '0')}#never-put`]);
      expect(await spill.claim(now, 10)).toEqual([]);
      expect(await spill.count()).toEqual(new Map());
    });

    it('gives deliveries back whole, as they were put, oldest first, also to a new instance', async () => {
      const { spill, another } = await ground();
      const deliveries = [
        spilledHints('third', 2),
        spilledHints('first', 3, { name: '客户 \ud83d' }),
        spilledHints('second'),
      ];
      await Promise.all(deliveries.map((hints, index) => spill.put(hints, now + ((index + 2) % 3))));
      const claimed = await (await another()).claim(now + 10, 10);
      expect(claimed.map(({ hints }) => hints)).toEqual([deliveries[1], deliveries[2], deliveries[0]]);
      expect(new Set(claimed.map(({ id }) => id)).size).toBe(3);
    });

    it('claims the oldest up to the limit', async () => {
      const { spill } = await ground();
      for (let index = 0; index < 12; index += 1) await spill.put(spilledHints(`d${index}`), now + index);
      const claim = async () => (await spill.claim(now + 100, 5)).map(({ hints }) => hints[0]?.delivery);
      expect(await claim()).toEqual(['d0', 'd1', 'd2', 'd3', 'd4']);
      expect(await claim()).toEqual(['d5', 'd6', 'd7', 'd8', 'd9']);
      expect(await claim()).toEqual(['d10', 'd11']);
    });

    it('leaves a claimed delivery to its claimer, for a while', async () => {
      const { spill, another } = await ground();
      await spill.put(spilledHints('a'), now);
      expect(await spill.claim(now, 10)).toHaveLength(1);
      const second = await another();
      expect(await second.claim(now + limits.spillClaimMs - 1, 10)).toEqual([]);
      expect(await second.claim(now + limits.spillClaimMs, 10)).toHaveLength(1);
    });

    it('gives each delivery to one of several that claim at once', async () => {
      const { spill, another } = await ground();
      await Promise.all(Array.from({ length: 20 }, (_, index) => spill.put(spilledHints(`d${index}`), now + index)));
      const spills = [spill, await another(), await another(), await another()];
      const claimed = (await Promise.all(spills.map((each) => each.claim(now + 100, 20)))).flat();
      expect(claimed.map(({ hints }) => hints[0]?.delivery).sort()).toEqual(
        Array.from({ length: 20 }, (_, index) => `d${index}`).sort(),
      );
    });

    it('forgets what was removed, and only that', async () => {
      const { spill } = await ground();
      await spill.put(spilledHints('a'), now);
      await spill.put(spilledHints('b'), now + 1);
      const [first] = await spill.claim(now + 1, 1);
      await spill.remove([first?.id ?? '']);
      await spill.remove([first?.id ?? '']);
      const left = await spill.claim(now + limits.spillClaimMs + 1, 10);
      expect(left.map(({ hints }) => hints[0]?.delivery)).toEqual(['b']);
    });

    it('counts the hints that wait by connection, claimed ones too', async () => {
      const { spill } = await ground();
      await spill.put(spilledHints('a', 3), now);
      await spill.put(spilledHints('erp', 2), now + 1);
      await spill.put(spilledHints('b', 4), now + 2);
      await spill.claim(now, 1);
      expect(await spill.count()).toEqual(
        new Map([
          ['zoho-eu', 7],
          ['erp', 2],
        ]),
      );
      for (const { id } of await spill.claim(now + limits.spillClaimMs * 2, 10)) await spill.remove([id]);
      expect(await spill.count()).toEqual(new Map());
    });

    it('takes the largest delivery that an entrance takes', async () => {
      const { spill } = await ground();
      const noise = Buffer.from(
        Array.from({ length: 196_000 }, (_, i) => (Math.imul(i + 1, 2_654_435_761) >>> 13) & 0xff),
      );
      const text = noise.toString('base64');
      const hints = spilledHints('d'.repeat(200), limits.hintsPerDelivery).map((hint, index) => ({
        ...hint,
        payload: { text: text.slice(index * 520, (index + 1) * 520) },
      }));
      await spill.put(hints, now);
      const [claimed] = await spill.claim(now, 1);
      expect(claimed?.hints).toEqual(hints);
      await spill.remove([claimed?.id ?? '']);
      expect(await spill.claim(now + limits.spillClaimMs, 1)).toEqual([]);
    });
  });
};
