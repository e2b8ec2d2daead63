import type { Assumptions } from './assumptions.ts';
import { hoursPerMonth, priceOf } from './price-list.ts';
import { storedGb, trafficOf, type Volume } from './traffic.ts';

/** One machine with the embedded engine: nothing of AWS. */
export interface SingleNode {
  /** A month of the smallest machine that hosts offer. Undefined where that would not do, or no figure is known. */
  readonly usd: number | undefined;
  readonly fit: 'fits' | 'larger-machine' | 'too-fast';
}

/** Webhook to delivered alert, sustained, with two cores: README. */
export const webhooksPerSecond = 1_295;

/** A day of business puts its webhooks into few hours, and campaigns into fewer. */
const peakOverMean = 10;

/** The README's 352 MB with 100,000 customers. */
const mbPerCustomer = 352 / 100_000;

/** What hosts sell for about five dollars, less what its system wants. */
const smallest = { memoryMb: 700, diskGb: 20 } as const;

/** Days that the embedded engine keeps what came in. */
const keptDays = 7;

export const singleNodeFor = (volume: Volume, assumptions: Assumptions, region: string): SingleNode => {
  const peak = (volume.webhooksPerMonth / (hoursPerMonth * 3_600)) * peakOverMean;
  if (peak > webhooksPerSecond) return { usd: undefined, fit: 'too-fast' };
  // its disk is full long before its processor is busy
  const isEnough =
    volume.customers * mbPerCustomer <= smallest.memoryMb && diskGbOf(volume, assumptions) <= smallest.diskGb;
  if (!isEnough) return { usd: undefined, fit: 'larger-machine' };
  const price = priceOf('small-machine', region);
  return { usd: price.known ? price.usd : undefined, fit: 'fits' };
};

const diskGbOf = (volume: Volume, assumptions: Assumptions): number => {
  const traffic = trafficOf(volume, assumptions);
  return storedGb(volume.customers, traffic, assumptions) + (traffic.topicGb * keptDays * 24) / hoursPerMonth;
};
