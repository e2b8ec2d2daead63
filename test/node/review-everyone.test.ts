import { describe, expect, it, onTestFinished } from 'vitest';
import { openEngine } from '#infra/node/open-engine.ts';
import { reviewEveryone } from '#infra/node/review-everyone.ts';
import { groups, topics } from '#shared/definitions/topics.ts';
import { unknownCustomer } from '#shared/domain/customer-state.ts';
import { CustomerId } from '#shared/domain/ids.ts';
import { handClock } from '../kit/hand-clock.ts';
import { plantStart, tenant } from '../kit/plant.ts';
import { quietLog } from '../kit/quiet-log.ts';
import { temporaryFolder } from '../kit/temporary-folder.ts';

/** A node's engine with some customers; `start` is what a start of the node by these models does. */
const bench = async (count: number) => {
  const clock = handClock(plantStart);
  const engine = openEngine({ folder: temporaryFolder(), tenant, clock, onFatal: () => undefined });
  onTestFinished(() => engine.close());
  const ids = Array.from({ length: count }, (_, i) => CustomerId.parse(`account:shop:${String(i).padStart(4, '0')}`));
  await engine.customers.commitAll(
    ids.map((customer) => ({ next: { ...unknownCustomer(tenant, customer, ''), version: 1 }, entries: [] })),
  );
  const asked: string[] = [];
  let fail = false;
  const reader = await engine.stream.subscribe(
    { topic: topics.events, group: groups.gradeCustomers, batchSize: 600 },
    async (batch) => {
      asked.push(...batch.map(({ key }) => key));
    },
  );
  onTestFinished(() => reader.stop());
  const stream = {
    ...engine.stream,
    append: async (...args: Parameters<typeof engine.stream.append>) => {
      if (fail) throw new Error('pulled the plug');
      return engine.stream.append(...args);
    },
  };
  const log = quietLog();
  return {
    ids,
    log,
    breakDown: (broken: boolean) => void (fail = broken),
    start: async (models: string, stopAfter = Number.POSITIVE_INFINITY): Promise<readonly string[]> => {
      asked.length = 0;
      await reviewEveryone({
        ...engine,
        stream,
        caughtUp: async () => stream.oldestUnfinished(topics.events, groups.gradeCustomers) === undefined,
        pauseMs: 20,
        tenant,
        models,
        now: clock.businessNow,
        stopped: () => asked.length >= stopAfter,
        log,
      });
      return [...asked];
    },
  };
};

describe('reviewing everyone', () => {
  it('asks nobody at the first start, and nobody while the models stay', async () => {
    const { start } = await bench(3);
    expect([await start('a'), await start('a'), await start('a')]).toEqual([[], [], []]);
  });

  it('asks every customer once after a model was edited', async () => {
    const { start, ids, log } = await bench(1_203);
    await start('a');
    expect(await start('b')).toEqual(ids);
    expect(log.lines).toMatchObject([{ fields: { customers: 1_203 } }]);
    expect(await start('b')).toEqual([]);
  });

  it('goes on where a stop left it', async () => {
    const { start, ids } = await bench(1_203);
    await start('a');
    const before = await start('b', 500);
    expect(before).toEqual(ids.slice(0, 500));
    expect(await start('b')).toEqual(ids.slice(500));
    expect(await start('b')).toEqual([]);
  });

  it('asks everybody again for every edit, also for one that was in force before', async () => {
    const { start, ids } = await bench(3);
    await start('a');
    for (const models of ['b', 'a', 'b', 'a']) expect(await start(models)).toEqual(ids);
  });

  it('asks everybody again when an edit is taken back half way', async () => {
    const { start, ids } = await bench(1_203);
    await start('a');
    await start('b', 500);
    expect(await start('a')).toEqual(ids);
  });

  it('asks again those of whom it does not know whether they were asked', async () => {
    const { start, ids, breakDown } = await bench(3);
    await start('a');
    breakDown(true);
    await expect(start('b')).rejects.toThrow('pulled the plug');
    breakDown(false);
    expect(await start('b')).toEqual(ids);
  });
});
