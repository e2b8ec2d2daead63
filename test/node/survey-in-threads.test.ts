import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { storeFileOf } from '#infra/node/open-engine.ts';
import { surveyRows } from '#infra/node/readers/survey-rows.ts';
import { surveyInThreads } from '#infra/node/survey-in-threads.ts';
import { openForReading } from '#shared/adapters/sqlite/database.ts';
import { compileModel } from '#shared/grading/compile-model.ts';
import { Model } from '#shared/grading/model.ts';
import { simulate } from '#shared/grading/simulate/simulate.ts';
import { daysAgo, fillStore, tenant } from '../cli/fill-store.ts';
import { smallModel } from '../grading/model-files.ts';
import { temporaryWorkspace } from './workspace/temporary-workspace.ts';

const model = Model.parse(smallModel({ currency: 'GBP', cutoffs: { method: 'rank', upTo: { A: 0.2, B: 0.5 } } }));

const storeOf = async (customers: number): Promise<string> => {
  const { file } = await temporaryWorkspace();
  await fillStore(
    file,
    Array.from({ length: customers }, (_, index) => ({
      ...{ id: String((index * 7) % customers), grade: 'B', facts: [daysAgo(2, (index * 13) % 40), daysAgo(1, 5)] },
    })),
  );
  return storeFileOf(resolve(dirname(file), '.regrade'));
};

describe('surveyInThreads', () => {
  it('asks everybody once, and comes to the same as one thread', { timeout: 60_000 }, async () => {
    const customers = 100;
    const file = await storeOf(customers);
    const request = { model, hash: 'h', against: 'existing-abc', decides: true, now: Date.now(), tags: [] };
    let done = 0;
    const surveys = await surveyInThreads(file, { tenant, last: customers }, request, (more) => (done += more));
    expect(surveys.length).toBeGreaterThan(1);
    expect(done).toBe(customers);

    const db = openForReading(file);
    const alone = surveyRows(db, { tenant, after: 0, upTo: customers }, request, () => undefined);
    db.close();
    const told = [surveys, [alone]].map((asked) => {
      const { everyMover, ...rest } = simulate(asked, compileModel(model, 'h'), 10);
      return { ...rest, all: [...everyMover()] };
    });
    expect(told[0]).toEqual(told[1]);
    expect(alone.size).toBe(customers);
    expect(told[0]?.moving.customers).toBeGreaterThan(50);
  });

  it('tells what made a thread fail', { timeout: 60_000 }, async () => {
    const request = { model, hash: 'h', against: 'existing-abc', decides: true, now: 0, tags: [] };
    await expect(
      surveyInThreads('/nowhere/regrade.db', { tenant, last: 10 }, request, () => undefined),
    ).rejects.toThrow('there is no store at /nowhere/regrade.db');
  });
});
