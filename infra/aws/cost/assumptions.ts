/** What a bill supposes about the traffic. Shares are of 1; KB are 1,024 bytes. */
export interface Assumptions {
  /** Of a webhook's body. The benchmark's are of 1. */
  readonly webhookKb: number;
  /** Grade changes per webhook. The benchmark moves a customer with every twentieth event. */
  readonly changesShare: number;
  /** Webhooks that only name a record, which is then read from the CRM: all of Zoho's and FXiaoKe's. */
  readonly readBackShare: number;
  /** Webhooks that move their customer in a ranked cohort: all of them where the model's cut-offs are ranks or shares. */
  readonly rankedShare: number;
  /** Alerts, tasks and grades written to the CRM, each one a delivery. */
  readonly deliveriesPerChange: number;
  /** CRM records that a customer has, each of one fact. */
  readonly recordsPerCustomer: number;
  /** Where absent: what arrives while the batch before is at work (`recordsPerCall` in function-load.ts). */
  readonly recordsPerCall: number | undefined;
}

/** Where a workspace is not known, its dearer form: every webhook is read back, and every one moves a rank. */
export const defaultAssumptions: Assumptions = {
  webhookKb: 1,
  changesShare: 0.05,
  readBackShare: 1,
  rankedShare: 1,
  deliveriesPerChange: 1,
  recordsPerCustomer: 100,
  recordsPerCall: undefined,
};

/**
 * Of the work itself, in milliseconds. Supposed, since nothing was measured in an AWS account: a call to a neighbour within a
 * region takes some milliseconds, one to a CRM or a channel some hundred.
 */
export const durations = {
  /** To verify a webhook and append it. */
  receive: 30,
  /** A batch, however many records it has: reading, writing, appending. */
  batch: 40,
  /** Each record of a batch on top of it. */
  record: 8,
  /** A record read from a CRM, beside the others of its batch. */
  readBack: 300,
  delivery: 300,
  /** A turn of the clock that finds nothing to do. */
  tick: 1_000,
} as const;

interface Units {
  readonly writes: number;
  readonly reads: number;
}

/** Capacity units of the table, by AWS's rules from what is sent to DynamoDB Local: index entries are among the writes. */
export const units = {
  /** resolve-records, of a webhook: its record and what that owes, written and published. */
  webhook: { writes: 4, reads: 1 },
  /** On top of it where the record is read from the CRM: its place in the inbox, taken and given up in a transaction. */
  readBack: { writes: 5, reads: 3 },
  /** Accounts, of a batch; and once more of one that was read back. */
  accounts: { writes: 1, reads: 0 },
  readBackAccounts: { writes: 2, reads: 0 },
  /** grade-customers, of an event of a customer with 100 facts. */
  event: { writes: 2.2, reads: 1 },
  /** Its ledger entry, and what that owes. */
  change: { writes: 4, reads: 0 },
  /** rank-cohorts, of a moved key, and of a batch. */
  move: { writes: 3, reads: 1.1 },
  cohort: { writes: 2, reads: 3.3 },
  /** act-on-changes, of a change and of each delivery: decided, claimed, begun, done, each in a transaction. */
  action: { writes: 2, reads: 1 },
  delivery: { writes: 30, reads: 11 },
  /** An idle turn of the clock with two channels: so many questions, each of half a unit at least. */
  tick: { writes: 0, reads: (17 + 2 * 8) / 2 },
} as const satisfies Readonly<Record<string, Units>>;

/** Customers whom the move of another one displaces, per moved key: each is an event. */
export const reviewsPerMove = 0.05;

/** KB of what is moved or kept. */
export const sizes = {
  /** What a message has around the CRM's content: ids, instants, headers. */
  envelope: 0.5,
  event: 1,
  move: 0.4,
  /** With its reasons. */
  change: 2,
  /** A customer's state of 100 facts, packed. */
  state: 1.4,
  /** A record as it was last seen, with what AWS adds to an item. */
  record: 0.25,
  /** A ledger entry with its body. */
  ledger: 2,
  readBack: 8,
  delivery: 6,
  /** Lines of log for a webhook, over all functions, Lambda's own included. */
  logOfWebhook: 2,
  logOfTick: 2,
} as const;

/** Months of ledger that the table is taken to hold; nothing is ever deleted from it. */
export const ledgerMonths = 12;

/** Custom metrics and alarms of a stage: figures by function, and one alarm or more for each. */
export const watched = { metrics: 60, alarms: 70, brokerAlarms: 40 } as const;
