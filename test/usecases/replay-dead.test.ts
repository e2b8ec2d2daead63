import { describe, expect, it } from 'vitest';
import { topics } from '#shared/definitions/topics.ts';
import { encodeCloudEvent } from '#shared/domain/cloud-event.ts';
import type { Received } from '#shared/ports/stream.ts';
import { deadBench } from '../kit/dead-bench.ts';
import { plantStart } from '../kit/plant.ts';

const valueOf = (id: string): string => encodeCloudEvent({ id, source: 's', type: 't', data: { id } }, plantStart);
const record = (offset: number, more: Partial<Received> = {}): Received => ({
  topic: topics.webhooks,
  partition: 7,
  offset,
  key: `shop/invoice/${offset}`,
  value: valueOf(`e${offset}`),
  at: plantStart + offset,
  ...more,
});

/** Letters of two stages and two connections, one of them garbage. */
const filled = async () => {
  const bench = deadBench();
  const resolving = bench.parkAs('resolve-records');
  await resolving(record(0), 'unknown-connection', '');
  await resolving(record(1, { value: 'garbage' }), 'unreadable-hint', '');
  await bench.parkAs('grade-customers')(
    record(2, { topic: topics.events, key: 'account:crm:1' }),
    'unreadable-event',
    '',
  );
  await resolving(record(3), 'unknown-connection', '');
  return bench;
};
const sentOn = ({ stream }: ReturnType<typeof deadBench>, topic: typeof topics.webhooks | typeof topics.events) =>
  stream.read(topic).map(({ key, value }) => [key, (JSON.parse(value) as { id: string; attempt: number }).id]);

describe('dead letters', () => {
  it('are listed in the order they were parked in, each once', async () => {
    const bench = await filled();
    await bench.parkAs('resolve-records')(record(0), 'unknown-connection', 'parked again by a redelivery');
    expect((await bench.list()).map(({ letter, replays }) => [letter.offset, letter.reason, replays])).toEqual([
      [0, 'unknown-connection', 0],
      [1, 'unreadable-hint', 0],
      [2, 'unreadable-event', 0],
      [3, 'unknown-connection', 0],
    ]);
  });

  it.each([
    [{ reason: 'unknown-connection' }, [0, 3]],
    [{ stage: 'grade-customers' }, [2]],
    [{ connection: 'shop' }, [0, 1, 3]],
    [{ connection: 'crm' }, [2]],
    [{ since: plantStart + 2 }, [2, 3]],
    [{ until: plantStart + 2 }, [0, 1]],
    [{ since: plantStart + 1, until: plantStart + 3, connection: 'shop' }, [1]],
    [{ id: 'no such' }, []],
  ])('are found by %j', async (filter, offsets) => {
    const bench = await filled();
    expect((await bench.list(filter)).map(({ letter }) => letter.offset)).toEqual(offsets);
  });

  it('are found by the beginning of an id', async () => {
    const bench = await filled();
    const [, second] = await bench.list();
    expect(await bench.list({ id: second?.id.slice(0, 8) ?? '' })).toEqual([second]);
  });
});

describe('replaying', () => {
  it('sends each letter to its topic under its key and event id, and remembers it', async () => {
    const bench = await filled();
    bench.clock.pass(60_000);
    expect(await bench.replay()).toEqual({ sent: 3, sentBefore: 0, notReplayable: { garbage: 1 } });
    expect(sentOn(bench, topics.webhooks)).toEqual([
      ['shop/invoice/0', 'e0'],
      ['shop/invoice/3', 'e3'],
    ]);
    expect(sentOn(bench, topics.events)).toEqual([['account:crm:1', 'e2']]);
    const ids = (await bench.list()).map(({ id }) => id);
    const marks = bench.stream.read(topics.webhooks).map(({ value }) => JSON.parse(value) as object);
    expect(marks).toMatchObject([
      { replayof: ids[0], attempt: 2 },
      { replayof: ids[3], attempt: 2 },
    ]);
    expect((await bench.list()).map(({ replays, replayedAt }) => [replays, replayedAt])).toEqual([
      [1, plantStart + 60_000],
      [0, undefined],
      [1, plantStart + 60_000],
      [1, plantStart + 60_000],
    ]);
  });

  it('leaves alone what was sent before, unless it is asked to send it again', async () => {
    const bench = await filled();
    await bench.replay();
    expect(await bench.replay()).toEqual({ sent: 0, sentBefore: 3, notReplayable: { garbage: 1 } });
    expect(await bench.replay({ again: true })).toMatchObject({ sent: 3, sentBefore: 0 });
    expect((await bench.list()).map(({ replays }) => replays)).toEqual([2, 0, 2, 2]);
  });

  it('sends garbage as it is when it is forced to', async () => {
    const bench = await filled();
    expect(await bench.replay({ force: true })).toEqual({ sent: 4, sentBefore: 0, notReplayable: {} });
    expect(bench.stream.read(topics.webhooks).map(({ value }) => value)).toContain('garbage');
  });

  it('sends nothing on a dry run, and says what it would send', async () => {
    const bench = await filled();
    expect(await bench.replay({ dryRun: true })).toEqual({ sent: 3, sentBefore: 0, notReplayable: { garbage: 1 } });
    expect([bench.stream.read(topics.webhooks), bench.stream.read(topics.events)]).toEqual([[], []]);
    expect((await bench.list()).every(({ replays }) => replays === 0)).toBe(true);
    expect(bench.pauses).toEqual([]);
  });

  it('sends no more than the limit, and those that a filter wants', async () => {
    const bench = await filled();
    expect(await bench.replay({ limit: 2 })).toMatchObject({ sent: 2 });
    expect(await bench.replay({}, { stage: 'resolve-records' })).toMatchObject({ sent: 1, sentBefore: 1 });
    expect(sentOn(bench, topics.webhooks)).toHaveLength(2);
  });

  it.each([
    [10, 30],
    [50, 120],
    [1_000, 2_000],
  ])('keeps to %i records a second', async (rate, letters) => {
    const bench = deadBench();
    const park = bench.parkAs('resolve-records');
    for (let offset = 0; offset < letters; offset += 1) await park(record(offset), 'r', '');
    const told: number[] = [];
    expect(await bench.replay({ rate }, {}, (sent) => told.push(sent))).toMatchObject({ sent: letters });
    const tolerated = Math.max(1, rate / 20);
    expect(bench.wallNow()).toBeGreaterThanOrEqual(((letters - tolerated) / rate) * 1_000);
    expect(bench.wallNow()).toBeLessThanOrEqual((letters / rate) * 1_000);
    expect(told.at(-1)).toBe(letters);
    expect(bench.stream.read(topics.webhooks).map(({ key }) => key)).toEqual(
      Array.from({ length: letters }, (_, offset) => `shop/invoice/${offset}`),
    );
  });

  it('notes nothing that was not appended, and goes on there the next time', async () => {
    const bench = await filled();
    let appends = 0;
    const failing = async (...args: Parameters<typeof bench.stream.append>): Promise<void> => {
      appends += 1;
      if (appends === 3) throw new Error('the broker is gone');
      await bench.stream.append(...args);
    };
    await expect(bench.replayOn(failing, { rate: 1 })).rejects.toThrow('the broker is gone');
    expect((await bench.list()).map(({ replays }) => replays)).toEqual([1, 0, 0, 0]);
    expect(await bench.replay()).toMatchObject({ sent: 2, sentBefore: 1 });
  });

  it('of what is parked again makes a letter of one attempt more', async () => {
    const bench = await filled();
    await bench.replay();
    const park = bench.parkAs('resolve-records');
    for (const again of bench.stream.read(topics.webhooks)) await park(again, 'unknown-connection', '');
    const later = (await bench.list()).slice(4);
    expect(later.map(({ letter, replays }) => [letter.offset, letter.attempts, replays])).toEqual([
      [0, 2, 0],
      [1, 2, 0],
    ]);
    await bench.replay();
    expect(JSON.parse(bench.stream.read(topics.webhooks).at(-1)?.value ?? '')).toMatchObject({ id: 'e3', attempt: 3 });
  });
});
