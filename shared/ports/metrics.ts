/** What is counted, all by stage. */
export type Counter =
  /** Records or requests taken. */
  | 'in'
  /** Records sent on, or deliveries made. */
  | 'out'
  | 'duplicate'
  | 'rejected'
  | 'dead'
  /** Batches or keys given back, to come again. */
  | 'retried'
  /** Rows of cohorts that were looked at, next to a cut, to find where it belongs. */
  | 'rows-read'
  /** Figures of a cohort that an audit found to be other than its rows say. */
  | 'drift'
  /** Deliveries that went to the spill since the stream did not answer. */
  | 'spilled';

/** What stands at a level. */
export type Gauge =
  /** Things that wait: inbox items, due actions, spilled hints, relayed records. */
  | 'waiting'
  /** Hints since the beginning, by what became of them. */
  | 'hints'
  /** Hints received that no account knows the end of, or too many ends. */
  | 'unbalanced'
  /** Deliveries since the beginning, by channel and state. */
  | 'deliveries'
  /** Records appended and not worked. */
  | 'lag'
  /** Seconds since the oldest record not worked was appended. */
  | 'oldest';

/** Seconds from a webhook's receipt. */
export type Latency = 'receipt_to_change' | 'receipt_to_delivery';

/** Figures for operators. Never a tenant's, a customer's or a record's name: labels are few and known. */
export interface Metrics {
  count(stage: string, what: Counter, by: number): void;
  /** `of` tells several of one stage apart: a topic, a channel. */
  level(stage: string, what: Gauge, value: number, of?: string): void;
  took(latency: Latency, seconds: number): void;
}

/** Where nobody asked for figures. */
export const noMetrics: Metrics = { count: () => undefined, level: () => undefined, took: () => undefined };
