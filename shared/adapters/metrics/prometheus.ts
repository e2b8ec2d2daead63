import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../../ports/metrics.ts';

export interface PrometheusMetrics extends Metrics {
  /** What a scraper reads, in `contentType`. */
  expose(): Promise<string>;
  readonly contentType: string;
}

/** Webhook to alert is to take a second; an hour's outage of a CRM is to be seen as well. */
const buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 3_600];

/** Figures of one process in the Prometheus text format (prometheus.io/docs/instrumenting/exposition_formats). */
export const prometheusMetrics = (): PrometheusMetrics => {
  const registers = [new Registry()];
  const records = new Counter({
    name: 'regrade_records_total',
    help: 'Records, requests or deliveries by stage and outcome',
    labelNames: ['stage', 'outcome'],
    registers,
  });
  const levels = new Gauge({
    name: 'regrade_level',
    help: 'What stands at a level: waiting and lag in records, oldest in seconds',
    labelNames: ['stage', 'what', 'of'],
    registers,
  });
  const latencies = new Histogram({
    name: 'regrade_latency_seconds',
    help: 'Seconds from the receipt of a webhook to its change, or to the delivery of its action',
    labelNames: ['to'],
    buckets,
    registers,
  });
  const [registry] = registers as [Registry];
  return {
    count: (stage, outcome, by) => records.inc({ stage, outcome }, by),
    level: (stage, what, value, of = '') => levels.set({ stage, what, of }, value),
    took: (latency, seconds) =>
      latencies.observe({ to: latency === 'receipt_to_change' ? 'change' : 'delivery' }, Math.max(0, seconds)),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
};
