import { type Per, type PriceItem, priceOf } from './price-list.ts';

/** What is paid for, in the order in which a bill names it. */
export type LineKind =
  | 'entry'
  | 'function-requests'
  | 'function'
  | 'pollers'
  | 'brokers'
  | 'broker-storage'
  | 'cluster'
  | 'partitions'
  | 'topics-in'
  | 'topics-out'
  | 'topics-kept'
  | 'cross-zone'
  | 'table-writes'
  | 'table-reads'
  | 'table-storage'
  | 'table-recovery'
  | 'nat'
  | 'nat-traffic'
  | 'addresses'
  | 'endpoint'
  | 'clock'
  | 'secrets'
  | 'key'
  | 'logs'
  | 'logs-kept'
  | 'metrics'
  | 'alarms'
  | 'dashboard'
  | 'traces';

/** So much of something. `quantity` is in what its price is asked per: hours, months, millions, GB. */
export interface Item {
  readonly kind: LineKind;
  readonly item: PriceItem;
  readonly quantity: number;
  /** The function it is for, the type of broker. */
  readonly of?: string;
}

/** Why a line's figure is not to be relied on. */
export type Doubt =
  /** Not read in a price list. */
  | 'unread'
  /** Read, in the list of another region. */
  | 'other-region'
  /** No figure: nothing is added for it. */
  | 'unpriced'
  /** The region is billed in CNY. */
  | 'currency';

export interface Line extends Item {
  readonly per: Per | undefined;
  /** Of one `per`; undefined where no figure is known. */
  readonly price: number | undefined;
  /** For the month. */
  readonly usd: number | undefined;
  /** For a month in which nothing happens. */
  readonly idleUsd: number | undefined;
  readonly doubt: Doubt | undefined;
}

/** `idleQuantity`: of a month in which nothing happens. */
export const lineOf = (item: Item, idleQuantity: number, region: string): Line => {
  const price = priceOf(item.item, region);
  if (!price.known) {
    const doubt = price.because === 'currency' ? 'currency' : 'unpriced';
    return { ...item, per: price.per, price: undefined, usd: undefined, idleUsd: undefined, doubt };
  }
  const { per, usd } = price;
  const doubt = price.verified ? undefined : price.region === region ? 'unread' : 'other-region';
  return { ...item, per, price: usd, usd: item.quantity * usd, idleUsd: idleQuantity * usd, doubt };
};
