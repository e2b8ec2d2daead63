import { describe, expect, it } from 'vitest';
import { consume } from '#shared/adapters/lambda/consume.ts';
import { topics } from '#shared/definitions/topics.ts';
import { PipelineError } from '#shared/domain/pipeline-error.ts';
import { type Metrics, noMetrics } from '#shared/ports/metrics.ts';
import type { Received, Work } from '#shared/ports/stream.ts';
import { handClock } from '../../kit/hand-clock.ts';
import { quietLog } from '../../kit/quiet-log.ts';
import { eventOf } from './kafka-events.ts';

const plenty = { getRemainingTimeInMillis: () => 60_000 };

const consumer = (work: Work, prefix = '', metrics: Metrics = noMetrics) => {
  const log = quietLog();
  const clock = handClock(1_700_000_060_000);
  const run = consume({ stage: 'grade-customers', topic: topics.events, prefix, work, clock, log, metrics });
  return { log, run };
};

const identifiers = (partition: string, ...offsets: number[]) => ({
  batchItemFailures: offsets.map((offset) => ({ itemIdentifier: { partition, offset } })),
});

describe('consume', () => {
  it('hands each partition over by itself and reports nothing when all is done', async () => {
    const worked: (readonly Received[])[] = [];
    const { run } = consumer(async (batch) => {
      worked.push(batch);
      return [];
    });
    const event = eventOf([{ offset: 1 }, { offset: 2 }, { partition: 1, offset: 9 }]);
    expect(await run(event, plenty)).toEqual({ batchItemFailures: [] });
    expect(worked.map((batch) => batch.map(({ partition, offset }) => [partition, offset]))).toEqual([
      [
        [0, 1],
        [0, 2],
      ],
      [[1, 9]],
    ]);
  });

  it('lists what has to come again by the name that the cluster knows the partition by', async () => {
    const { run } = consumer(async (batch) => batch.filter(({ key }) => key === 'a'), 'eu-1.');
    const topic = `eu-1.${topics.events}`;
    const event = eventOf([
      { topic, partition: 4, offset: 1, key: 'a' },
      { topic, partition: 4, offset: 2, key: 'b' },
      { topic, partition: 4, offset: 3, key: 'a' },
    ]);
    expect(await run(event, plenty)).toEqual(identifiers('eu-1.regrade.events-4', 1, 3));
  });

  it('tells how long the oldest record waited, over all partitions', async () => {
    const told: unknown[] = [];
    const metrics = { ...noMetrics, level: (...level: unknown[]) => void told.push(level) };
    const { run } = consumer(async () => [], '', metrics);
    await run(eventOf([{ offset: 7_000 }, { offset: 8_000 }, { partition: 1, offset: 5_000 }]), plenty);
    expect(told).toEqual([['grade-customers', 'oldest', 55]]);
  });

  it('gives a partition back whole when its work rejects, and goes on with the others', async () => {
    const { run, log } = consumer(async ([first]) => {
      if (first?.partition === 0)
        throw new PipelineError('STORE_UNAVAILABLE', 'the table is away', { retryable: true });
      return [];
    });
    const event = eventOf([{ offset: 1 }, { offset: 2 }, { partition: 1, offset: 5 }]);
    expect(await run(event, plenty)).toEqual(identifiers('regrade.events-0', 1, 2));
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { partition: 0, failure: 'STORE_UNAVAILABLE', detail: 'the table is away' } },
    ]);
  });

  it('does not quote a foreign error, which may quote what it choked on', async () => {
    const { run, log } = consumer(() => Promise.reject(new TypeError('cannot read a-secret-value')));
    await run(eventOf([{ offset: 1 }]), plenty);
    expect(JSON.stringify(log.lines)).toContain('TypeError');
    expect(JSON.stringify(log.lines)).not.toContain('a-secret-value');
  });

  it('begins no partition with less than two seconds left', async () => {
    let left = 2_500;
    const { run } = consumer(async () => {
      left -= 1_000;
      return [];
    });
    const event = eventOf([{ offset: 1 }, { partition: 1, offset: 5 }, { partition: 1, offset: 6 }]);
    const response = await run(event, { getRemainingTimeInMillis: () => left });
    expect(response).toEqual(identifiers('regrade.events-1', 5, 6));
  });

  it('works nothing that the log did not stamp, and gives it back', async () => {
    const worked: Received[] = [];
    const { run, log } = consumer(async (batch) => {
      worked.push(...batch);
      return [];
    });
    const event = eventOf([{ offset: 3, timestampType: 'CREATE_TIME' }, { offset: 4 }]);
    expect(await run(event, plenty)).toEqual(identifiers('regrade.events-0', 3, 4));
    expect(worked).toEqual([]);
    expect(log.lines[0]?.fields).toMatchObject({ failure: 'CONFIG_INVALID' });
  });

  it('passes over a topic that it is not there for, and says so', async () => {
    const { run, log } = consumer(() => Promise.reject(new Error('worked')));
    const event = eventOf([
      { topic: topics.changes, offset: 1 },
      { topic: 'other', offset: 1 },
    ]);
    expect(await run(event, plenty)).toEqual({ batchItemFailures: [] });
    expect(log.lines.map(({ level, fields }) => [level, fields['topic']])).toEqual([
      ['error', topics.changes],
      ['error', 'other'],
    ]);
  });

  it.each([undefined, null, 'x', 7, {}, { records: 1 }, { eventSource: 'aws:kinesis', records: {} }])(
    'answers the event %j, which can never be worked, with success and a line in the log',
    async (event) => {
      const { run, log } = consumer(async () => []);
      expect(await run(event, plenty)).toEqual({ batchItemFailures: [] });
      expect(log.lines).toHaveLength(1);
    },
  );
});
