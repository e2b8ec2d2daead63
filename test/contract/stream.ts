import { describe, expect, it, onTestFinished } from 'vitest';
import { groups, topics } from '#shared/definitions/topics.ts';
import type { Received, Stream } from '#shared/ports/stream.ts';
import { collector, gateOf, readerOf } from './stream-reader.ts';

/** One log, empty at first. */
export interface StreamGround {
  readonly stream: Stream;
  /** A further client of the same log, as another process or a restart would open it. */
  readonly another: () => Promise<Stream>;
  /** Ends what was opened, consumers included. */
  readonly close: () => Promise<void>;
}

export interface StreamTraits {
  /** Whose clock stands in `at`: the appender's, where it gave an instant, or the log's own. */
  readonly stamps: 'appender' | 'log';
  /** How long one promise may take to be kept. */
  readonly timeoutMs?: number;
}

/** What every Stream promises. Each engine's test file runs this same list. */
export const streamContract = (
  engine: string,
  open: () => Promise<StreamGround>,
  { stamps, timeoutMs = 20_000 }: StreamTraits,
): void => {
  const ground = async (): Promise<StreamGround> => {
    const opened = await open();
    onTestFinished(() => opened.close());
    return opened;
  };

  describe(`Stream on ${engine}`, { timeout: timeoutMs }, () => {
    it('delivers what was appended, as it was appended', async () => {
      const { stream } = await ground();
      const value = `{"name":"客户 \u{1F44B}","text":"${'x'.repeat(100_000)}"}`;
      await stream.append(topics.events, [{ key: 'account:a:客', value }]);
      const reader = readerOf(stream);
      await reader.start();
      await reader.sees(1);
      expect(reader.records()).toEqual([
        {
          topic: topics.events,
          partition: expect.any(Number) as number,
          offset: 0,
          key: 'account:a:客',
          value,
          at: expect.any(Number) as number,
        },
      ]);
    });

    it('appends nothing without complaint', async () => {
      const { stream } = await ground();
      await expect(stream.append(topics.events, [])).resolves.toBeUndefined();
    });

    it('starts a new group at the first record', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, outgoing('k', 3));
      const reader = readerOf(stream);
      await reader.start();
      await reader.sees(3);
      expect(reader.values()).toEqual(['k0', 'k1', 'k2']);
    });

    it('delivers what is appended after the subscription', async () => {
      const { stream } = await ground();
      const reader = readerOf(stream);
      await reader.start();
      await stream.append(topics.events, outgoing('k', 2));
      await reader.sees(2);
      expect(reader.values()).toEqual(['k0', 'k1']);
    });

    it('keeps the records of each key in order, over appends and batches', async () => {
      const { stream } = await ground();
      const keys = ['a', 'b', 'c', 'd', 'e'];
      for (let round = 0; round < 4; round += 1)
        await stream.append(
          topics.events,
          keys.flatMap((key) => outgoing(key, 5, round * 5)),
        );
      const reader = readerOf(stream, { batchSize: 7 });
      await reader.start();
      await reader.sees(100);
      for (const key of keys) expect(reader.valuesOf(key)).toEqual(Array.from({ length: 20 }, (_, i) => `${key}${i}`));
    });

    it('counts offsets up within each partition, and each batch is of one partition', async () => {
      const { stream } = await ground();
      await stream.append(
        topics.events,
        ['a', 'b', 'c', 'd', 'e', 'f'].flatMap((key) => outgoing(key, 4)),
      );
      const reader = readerOf(stream, { batchSize: 5 });
      await reader.start();
      await reader.sees(24);
      for (const batch of reader.batches) expect(new Set(batch.map(({ partition }) => partition)).size).toBe(1);
      const next = new Map<number, number>();
      for (const { partition, offset } of reader.records()) {
        expect(offset).toBe(next.get(partition) ?? 0);
        next.set(partition, offset + 1);
      }
    });

    it('puts all records of a key on one partition', async () => {
      const { stream } = await ground();
      await stream.append(
        topics.events,
        ['a', 'b', 'c', 'd'].flatMap((key) => outgoing(key, 3)),
      );
      const reader = readerOf(stream);
      await reader.start();
      await reader.sees(12);
      for (const key of ['a', 'b', 'c', 'd'])
        expect(
          new Set(
            reader
              .records()
              .filter((record) => record.key === key)
              .map(({ partition }) => partition),
          ).size,
        ).toBe(1);
    });

    it('never hands over more than a batch, and never an empty one', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, outgoing('k', 25));
      const reader = readerOf(stream, { batchSize: 10 });
      await reader.start();
      await reader.sees(25);
      for (const batch of reader.batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(10);
      }
    });

    it('keeps topics apart', async () => {
      const { stream } = await ground();
      await stream.append(topics.webhooks, outgoing('w', 1));
      await stream.append(topics.events, outgoing('e', 1));
      const webhooks = readerOf(stream, { topic: topics.webhooks, group: groups.resolveRecords });
      const events = readerOf(stream, { topic: topics.events });
      await Promise.all([webhooks.start(), events.start()]);
      await Promise.all([webhooks.sees(1), events.sees(1)]);
      expect([webhooks.values(), events.values()]).toEqual([['w0'], ['e0']]);
    });

    it('delivers every record to every group', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, outgoing('k', 4));
      const graders = readerOf(stream, { group: groups.gradeCustomers });
      const actors = readerOf(stream, { group: groups.actOnChanges });
      await Promise.all([graders.start(), actors.start()]);
      await Promise.all([graders.sees(4), actors.sees(4)]);
      expect(actors.values()).toEqual(graders.values());
    });

    it('delivers every record to some member of a group, in order per key', async () => {
      const { stream, another } = await ground();
      const seen = collector();
      const first = readerOf(stream, { into: seen });
      const second = readerOf(await another(), { into: seen });
      await Promise.all([first.start(), second.start()]);
      const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
      await stream.append(
        topics.events,
        keys.flatMap((key) => outgoing(key, 5)),
      );
      await seen.until((records) => new Set(records.map(({ value }) => value)).size === 30);
      for (const key of keys)
        expect(firstSightings(seen.records.filter((record) => record.key === key))).toEqual(
          Array.from({ length: 5 }, (_, i) => `${key}${i}`),
        );
    });

    it('brings a rejected batch again, whole and in order, and nothing later of its keys before it', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, outgoing('k', 6));
      let failures = 2;
      const reader = readerOf(stream, {
        batchSize: 3,
        before: (batch) => {
          if (batch.some(({ value }) => value === 'k2') && failures > 0) {
            failures -= 1;
            throw new Error('not yet');
          }
        },
      });
      await reader.start();
      await reader.sees(6);
      expect(failures).toBe(0);
      expect(reader.values()).toEqual(['k0', 'k1', 'k2', 'k3', 'k4', 'k5']);
      const rejected = reader.attempts.filter((batch) => batch.some(({ value }) => value === 'k2'));
      expect(rejected).toHaveLength(3);
      for (const batch of rejected) expect(batch.slice(0, rejected[0]!.length)).toEqual(rejected[0]);
    });

    it('gives a record the same instant at every delivery', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, outgoing('k', 1));
      let failures = 1;
      const reader = readerOf(stream, {
        before: () => {
          failures -= 1;
          if (failures >= 0) throw new Error('not yet');
        },
      });
      await reader.start();
      await reader.sees(1);
      expect(reader.attempts).toHaveLength(2);
      expect(reader.attempts[1]?.[0]?.at).toBe(reader.attempts[0]?.[0]?.at);
      expect(Number.isSafeInteger(reader.attempts[0]?.[0]?.at)).toBe(true);
    });

    it.runIf(stamps === 'appender')('keeps the instant that the appender gave', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, [{ key: 'k', value: 'k0', at: 1_234_567 }]);
      const reader = readerOf(stream);
      await reader.start();
      await reader.sees(1);
      expect(reader.records()[0]?.at).toBe(1_234_567);
    });

    it.runIf(stamps === 'log')('stamps records itself, never backwards within a partition', async () => {
      const { stream } = await ground();
      await stream.append(topics.events, [{ key: 'k', value: 'k0', at: 1_234_567 }]);
      await stream.append(topics.events, [{ key: 'k', value: 'k1', at: 1_000 }]);
      const reader = readerOf(stream);
      await reader.start();
      await reader.sees(2);
      const [first, second] = reader.records().map(({ at }) => at);
      expect(first).toBeGreaterThan(1_234_567);
      expect(second).toBeGreaterThanOrEqual(first!);
    });

    it('finishes the batch in hand when it is stopped, and does not bring it again', async () => {
      const { stream, another } = await ground();
      await stream.append(topics.events, outgoing('k', 2));
      const gate = gateOf();
      const entered = gateOf();
      const reader = readerOf(stream, {
        batchSize: 2,
        before: () => {
          entered.open();
          return gate.passed;
        },
      });
      await reader.start();
      await entered.passed;
      let ended = false;
      const stopped = reader.stop().then(() => {
        ended = true;
      });
      await settled();
      expect(ended).toBe(false);
      gate.open();
      await stopped;
      const done = reader.values();
      expect(done.length).toBeGreaterThan(0);

      await stream.append(topics.events, outgoing('k', 1, 2));
      const successor = readerOf(await another());
      await successor.start();
      await successor.until((records) => records.some(({ value }) => value === 'k2'));
      expect([...done, ...successor.values()]).toEqual(['k0', 'k1', 'k2']);
    });

    it('delivers nothing after it was stopped', async () => {
      const { stream } = await ground();
      const stopped = readerOf(stream, { group: groups.gradeCustomers });
      await stopped.start();
      await stopped.stop();
      await stream.append(topics.events, outgoing('k', 1));
      const fence = readerOf(stream, { group: groups.actOnChanges });
      await fence.start();
      await fence.sees(1);
      expect(stopped.attempts).toEqual([]);
    });

    it('brings what was never done to the next one that subscribes', async () => {
      const { stream, another } = await ground();
      await stream.append(topics.events, outgoing('k', 3));
      const refused = gateOf();
      const reader = readerOf(stream, {
        before: () => {
          refused.open();
          throw new Error('never');
        },
      });
      await reader.start();
      await refused.passed;
      await reader.stop();
      const successor = readerOf(await another());
      await successor.start();
      await successor.sees(3);
      expect(successor.values()).toEqual(['k0', 'k1', 'k2']);
    });
  });
};

const outgoing = (key: string, count: number, from = 0): { key: string; value: string }[] =>
  Array.from({ length: count }, (_, i) => ({ key, value: `${key}${from + i}` }));

const firstSightings = (records: readonly Received[]): string[] => [...new Set(records.map(({ value }) => value))];

/** Lets everything run that is ready to run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
