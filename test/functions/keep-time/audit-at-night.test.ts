import { describe, expect, it } from 'vitest';
import { auditAtNight } from '#functions/keep-time/audit-at-night.ts';
import { memoryCohortStore } from '#shared/adapters/memory/cohort-store.ts';
import { topics } from '#shared/definitions/topics.ts';
import { CohortId } from '#shared/domain/cohort.ts';
import { noMetrics } from '#shared/ports/metrics.ts';
import { headOf, keyOf, moveOf } from '../../contract/cohort-samples.ts';
import { acme, customerOf } from '../../contract/customer-states.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { specOf } from '../../kit/hand-cohort.ts';
import { handStream } from '../../kit/hand-stream.ts';
import { quietLog } from '../../kit/quiet-log.ts';
import { spying } from '../../kit/spying.ts';

const hour = 3_600_000;
/** Three in the morning in Shanghai. */
const three = Date.UTC(2026, 2, 9, 19);
const spec = specOf({ thresholds: ['0.5'] });
const cohortOf = (name: string): CohortId => CohortId.parse(`model:1:${name}`);

/** Two members each, the better one inside; `members` is what the head says of it. */
const night = async (cohorts: Readonly<Record<string, number>>) => {
  const calls: string[] = [];
  const store = memoryCohortStore();
  for (const [name, members] of Object.entries(cohorts)) {
    const cohort = cohortOf(name);
    await store.applyMoves(acme, cohort, [moveOf('a', null, 5, 1), moveOf('b', null, 1, 1)]);
    const cuts = [{ key: keyOf('a', 5), above: 1, worth: '0' }];
    await store.putHead(acme, headOf(1, { cohort, members, worth: '0', cuts }));
  }
  const clock = handClock(three);
  const stream = handStream(() => three);
  const log = quietLog();
  const kept = new Map<string, string>();
  const world = { isMine: true, hasTime: true, drift: 0 };
  const memory = {
    recall: async (name: string) => kept.get(name),
    remember: async (name: string, value: string) => void kept.set(name, value),
  };
  const open = () =>
    auditAtNight({
      ...{ tenant: acme, timezone: 'Asia/Shanghai', clock, log, memory, stream },
      cohorts: spying('cohorts', store, calls),
      currentSpecs: async () => (cohort) => (cohort === cohortOf('retired') ? undefined : spec),
      pause: async () => world.hasTime,
      lease: async () => {
        calls.push('lease');
        return world.isMine;
      },
      metrics: {
        ...noMetrics,
        count: (_, what, by) => {
          if (what === 'drift') world.drift += by;
        },
      },
    });
  const told = () => log.lines.splice(0).map(({ level, fields }) => [level, fields['cohort'], fields['what'] ?? '']);
  return { open, clock, world, calls, told, store, stream };
};

const runAll = async (step: () => Promise<boolean>): Promise<number> => {
  let steps = 1;
  while (await step()) steps += 1;
  return steps;
};

describe('the audit at night', () => {
  it('counts every cohort once, and tells what is not what its rows say', async () => {
    const { open, world, told } = await night({ east: 2, north: 3, retired: 2, west: 2 });
    expect(await runAll(open())).toBeGreaterThanOrEqual(4);
    expect(told()).toEqual([
      ['info', cohortOf('east'), ''],
      ['error', cohortOf('north'), 'members'],
      ['warn', cohortOf('north'), ''],
      ['info', cohortOf('west'), ''],
    ]);
    expect(world.drift).toBe(1);
  });

  it('puts right what it found, so that the next night finds it exact, and has whoever that concerns reviewed', async () => {
    const { open, clock, told, store, stream } = await night({ east: 2 });
    const [east] = [...(await store.findHeads(acme, [cohortOf('east')])).values()];
    await store.putHead(acme, { ...east!, revision: 2, cuts: [{ key: keyOf('b', 1), above: 2, worth: '0' }] });
    await runAll(open());
    expect(told().map(([level]) => level)).toEqual(['error', 'error', 'warn']);
    expect(stream.read(topics.events).map(({ key }) => key)).toEqual([customerOf('b')]);
    clock.passWall(24 * hour);
    await runAll(open());
    expect(told()).toEqual([['info', cohortOf('east'), '']]);
  });

  it('comes at three by the clock of the workspace, once a night, and reads nothing until the next one', async () => {
    const { open, clock, calls, told } = await night({ east: 2 });
    clock.passWall(-1);
    const step = open();
    await runAll(step);
    expect(told()).toHaveLength(1);
    calls.length = 0;
    await runAll(step);
    expect(calls).toEqual([]);
    clock.passWall(1);
    await runAll(step);
    expect(told()).toHaveLength(1);
    clock.passWall(24 * hour - 1);
    await runAll(step);
    expect(told()).toEqual([]);
    clock.passWall(1);
    await runAll(step);
    expect(told()).toHaveLength(1);
  });

  it('goes on after a restart where it was, and knows a night that is through', async () => {
    const { open, told } = await night({ east: 2, north: 2, west: 2 });
    await open()();
    expect(told()).toEqual([['info', cohortOf('east'), '']]);
    await runAll(open());
    expect(told()).toEqual([
      ['info', cohortOf('north'), ''],
      ['info', cohortOf('west'), ''],
    ]);
    await runAll(open());
    expect(told()).toEqual([]);
  });

  it('is left to the instance that has it', async () => {
    const { open, world, calls } = await night({ east: 2 });
    world.isMine = false;
    expect(await open()()).toBe(false);
    expect(calls).toEqual(['lease']);
  });

  it('gives up a cohort for which there is never time, and says so', async () => {
    const { open, world, told } = await night({ east: 2, west: 2 });
    world.hasTime = false;
    for (let turn = 0; turn < 3; turn += 1) expect(await open()()).toBe(false);
    expect(told()).toEqual([]);
    expect(await open()()).toBe(true);
    expect(told()).toEqual([['warn', cohortOf('east'), '']]);
    world.hasTime = true;
    await runAll(open());
    expect(told()).toEqual([['info', cohortOf('west'), '']]);
  });

  it('leaves a cohort that never stands still to the next night', async () => {
    const { open, store, calls, told } = await night({ east: 2 });
    const head = (await store.findHeads(acme, [cohortOf('east')])).get(cohortOf('east'))!;
    await store.putHead(acme, { ...head, revision: 2, open: { moves: [], at: three } });
    expect(await open()()).toBe(false);
    expect(told()).toEqual([['warn', cohortOf('east'), '']]);
    expect(calls.filter((call) => call === 'cohorts.findHeads')).toHaveLength(3);
    expect(await open()()).toBe(false);
    expect(told()).toEqual([]);
  });
});
