import { describe, expect, it } from 'vitest';
import { emfMetrics } from '#shared/runtime/emf-metrics.ts';

const opened = () => {
  const lines: string[] = [];
  const metrics = emfMetrics({
    namespace: 'Regrade',
    write: (line) => lines.push(line),
    wallNow: () => 1_700_000_000_000,
  });
  return { metrics, read: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>), lines };
};

describe('emfMetrics', () => {
  it('sums what was counted since the last flush, a line per stage', () => {
    const { metrics, read, lines } = opened();
    metrics.count('grade-customers', 'in', 3);
    metrics.count('grade-customers', 'in', 2);
    metrics.count('grade-customers', 'dead', 1);
    metrics.count('resolve-records', 'in', 1);
    metrics.flush();
    expect(read()).toEqual([
      {
        _aws: {
          Timestamp: 1_700_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Regrade',
              Dimensions: [['stage']],
              Metrics: [
                { Name: 'in', Unit: 'Count' },
                { Name: 'dead', Unit: 'Count' },
              ],
            },
          ],
        },
        stage: 'grade-customers',
        in: 5,
        dead: 1,
      },
      expect.objectContaining({ stage: 'resolve-records', in: 1 }),
    ]);
    expect(lines.every((line) => line.endsWith('}\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
  });

  it('writes nothing where nothing was counted, and nothing twice', () => {
    const { metrics, lines } = opened();
    metrics.flush();
    metrics.count('deliver', 'out', 1);
    metrics.flush();
    metrics.flush();
    expect(lines).toHaveLength(1);
  });

  it('keeps the last level, by the part it is of', () => {
    const { metrics, read } = opened();
    metrics.level('keep-time', 'lag', 7, 'regrade.events');
    metrics.level('keep-time', 'lag', 4, 'regrade.events');
    metrics.level('keep-time', 'oldest', 90);
    metrics.flush();
    expect(read()).toEqual([
      expect.objectContaining({ stage: 'keep-time', of: 'regrade.events', lag: 4 }),
      expect.objectContaining({ stage: 'keep-time', oldest: 90 }),
    ]);
    expect(JSON.stringify(read()[1])).toContain('{"Name":"oldest","Unit":"Seconds"}');
  });

  it('gives every latency of its own, at most a hundred a line', () => {
    const { metrics, read } = opened();
    for (let seconds = 1; seconds <= 101; seconds += 1) metrics.took('receipt_to_change', seconds);
    metrics.flush();
    const latencies = read().map((line) => line['receipt_to_change'] as number[]);
    expect(latencies.map((each) => each.length)).toEqual([100, 1]);
    expect(latencies.flat().at(-1)).toBe(101);
  });
});
