import type { Metrics } from '../ports/metrics.ts';

export interface EmfSettings {
  readonly namespace: string;
  /** Takes one line, with its end. */
  readonly write: (line: string) => void;
  /** Wall clock. */
  readonly wallNow: () => number;
}

export interface EmfMetrics extends Metrics {
  /** Writes what was counted since the last flush. */
  flush(): void;
}

interface Figures {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Map<string, { unit: 'Count' | 'None' | 'Seconds'; value: number | number[] }>;
}

/** The most values of one figure that a line may carry. */
const mostValues = 100;

/**
 * Figures as lines that CloudWatch turns into metrics (Embedded Metric Format,
 * docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html): no call is
 * made. Dimensions are the stage and, where it has parts, which one.
 */
export const emfMetrics = ({ namespace, write, wallNow }: EmfSettings): EmfMetrics => {
  const open = new Map<string, Figures>();
  const figuresOf = (dimensions: Figures['dimensions']): Figures['values'] => {
    const key = JSON.stringify(dimensions);
    const known = open.get(key) ?? { dimensions, values: new Map() };
    open.set(key, known);
    return known.values;
  };
  const flush = (): void => {
    for (const figures of open.values()) write(lineOf(figures, namespace, wallNow()));
    open.clear();
  };
  return {
    count: (stage, what, by) => {
      const values = figuresOf({ stage });
      const before = values.get(what)?.value;
      values.set(what, { unit: 'Count', value: (typeof before === 'number' ? before : 0) + by });
    },
    level: (stage, what, value, of) => {
      const dimensions = of === undefined ? { stage } : { stage, of };
      figuresOf(dimensions).set(what, { unit: what === 'oldest' ? 'Seconds' : 'None', value });
    },
    took: (latency, seconds) => {
      const values = figuresOf({});
      const before = values.get(latency)?.value;
      const all = Array.isArray(before) ? before : [];
      all.push(seconds);
      values.set(latency, { unit: 'Seconds', value: all });
      if (all.length === mostValues) flush();
    },
    flush,
  };
};

const lineOf = ({ dimensions, values }: Figures, namespace: string, timestamp: number): string => {
  const metrics = [...values].map(([name, { unit }]) => ({ Name: name, Unit: unit }));
  const directive = { Namespace: namespace, Dimensions: [Object.keys(dimensions)], Metrics: metrics };
  const figures = Object.fromEntries([...values].map(([name, { value }]) => [name, value]));
  return `${JSON.stringify({ _aws: { Timestamp: timestamp, CloudWatchMetrics: [directive] }, ...dimensions, ...figures })}\n`;
};
