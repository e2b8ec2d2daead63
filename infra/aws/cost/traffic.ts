import { type Topic, topics } from '../../../shared/definitions/topics.ts';
import { type Assumptions, ledgerMonths, reviewsPerMove, sizes } from './assumptions.ts';

export interface Volume {
  readonly webhooksPerMonth: number;
  /** That the table holds. */
  readonly customers: number;
}

/** What passes through in a month. */
export interface Traffic {
  readonly webhooks: number;
  /** Records read from a CRM. */
  readonly readBacks: number;
  readonly changes: number;
  readonly deliveries: number;
  readonly recordsOf: Readonly<Record<Topic, number>>;
  /** What producers send; each message is read once. */
  readonly topicGb: number;
}

const kbPerGb = 1_024 ** 2;

/** GB of so many things of so many KB. */
export const gbOf = (count: number, kb: number): number => (count * kb) / kbPerGb;

export const trafficOf = ({ webhooksPerMonth: webhooks }: Volume, assumptions: Assumptions): Traffic => {
  const { webhookKb, changesShare, readBackShare, rankedShare, deliveriesPerChange } = assumptions;
  const changes = webhooks * changesShare;
  const moves = webhooks * rankedShare;
  const recordsOf = {
    [topics.webhooks]: webhooks,
    [topics.events]: webhooks + moves * reviewsPerMove,
    [topics.cohorts]: moves,
    [topics.changes]: changes,
    // dead letters are a fault, not traffic
    [topics.dead]: 0,
  };
  const kbOf = {
    [topics.webhooks]: webhookKb + sizes.envelope,
    [topics.events]: sizes.event + sizes.envelope,
    [topics.cohorts]: sizes.move + sizes.envelope,
    [topics.changes]: sizes.change + sizes.envelope,
    [topics.dead]: 0,
  };
  const topicGb = Object.values(topics).reduce((sum, topic) => sum + gbOf(recordsOf[topic], kbOf[topic]), 0);
  const deliveries = changes * deliveriesPerChange;
  return { webhooks, readBacks: webhooks * readBackShare, changes, deliveries, recordsOf, topicGb };
};

/** What a store keeps: customers and their records, and a ledger that only grows. */
export const storedGb = (customers: number, { changes }: Traffic, { recordsPerCustomer }: Assumptions): number =>
  gbOf(customers, sizes.state + recordsPerCustomer * sizes.record) + gbOf(changes * ledgerMonths, sizes.ledger);
