import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storeFileOf } from '#infra/node/open-engine.ts';
import { openDatabase } from '#shared/adapters/sqlite/database.ts';
import type { CustomerId } from '#shared/domain/ids.ts';
import { type LedgerProof, verifyLedger } from '#shared/domain/ledger.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { buildPlant, grounds, type Plant, sqliteGround, tenant } from '../kit/plant.ts';
import { shopGraders } from '../kit/shop-models.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';
import { anyHistory, customers, fatHistory, play, settle } from './history.ts';

const proofOf = async ({ customers: store }: Pick<Plant, 'customers'>, customer: CustomerId): Promise<LedgerProof> => {
  const state = (await store.findAll(tenant, [customer])).get(customer);
  return verifyLedger(
    await store.readLedger(tenant, customer),
    state?.ledger ?? { seq: 0, hash: '' },
    state?.ledgerKey,
    hashing,
    decidesAgainBy(shopGraders()),
  );
};

describe.each(grounds)('ledgers on $engine', ({ engine, open }) => {
  it('verify from the first entry after any history, and the points of every entry sum to its score', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const ground = open();
        const plant = await buildPlant(ground);
        await play(steps, plant);
        await settle(plant);
        const states = await plant.customers.findAll(tenant, customers);
        for (const customer of states.keys()) {
          const entries = await plant.customers.readLedger(tenant, customer);
          expect(await proofOf(plant, customer)).toEqual({
            entries: entries.length,
            undecided: 0,
            erased: 0,
            faults: [],
          });
          let at = Number.NEGATIVE_INFINITY;
          for (const { body } of entries) {
            const points = body?.contributions.reduce((sum, contribution) => sum + contribution.points, 0);
            if (body?.score != null) expect(points).toBeCloseTo(body.score, 9);
            expect(body?.at).toBeGreaterThanOrEqual(at);
            at = body?.at ?? at;
          }
        }
        await ground.close();
      }),
      { numRuns: engine === 'memory' ? 60 : 12 },
    );
  });
});

describe('a person who is erased', () => {
  it('leaves a ledger that still verifies as chained, and everybody else’s untouched', async () => {
    const folder = temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fatHistory, fc.nat(3), async (steps, which) => {
        run += 1;
        const place = join(folder, String(run));
        const ground = sqliteGround(place);
        const plant = await buildPlant(ground);
        await play(steps, plant);
        await settle(plant);
        const erased = customers[which]!;
        const before = new Map<CustomerId, LedgerProof>();
        for (const customer of customers) before.set(customer, await proofOf(plant, customer));
        await ground.close();

        const db = openDatabase(storeFileOf(place), []);
        db.prepare('DELETE FROM ledger_bodies WHERE tenant = ? AND customer = ?').run(tenant, erased);
        db.prepare(
          "UPDATE customers SET held = json_set(held, '$.ledgerKey', '') WHERE tenant = ? AND customer = ?",
        ).run(tenant, erased);
        db.close();

        const again = sqliteGround(place);
        for (const customer of customers) {
          const { entries, faults } = before.get(customer)!;
          expect(faults).toEqual([]);
          expect(await proofOf(again, customer)).toEqual({
            entries,
            undecided: 0,
            erased: customer === erased ? entries : 0,
            faults: [],
          });
        }
        await again.close();
      }),
      { numRuns: 15 },
    );
  });
});
