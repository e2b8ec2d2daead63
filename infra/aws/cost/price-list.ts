import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

/** What has a figure in the file of prices. Broker types go by AWS's own names. */
const pricedItems = [
  'lambda-request',
  'lambda-arm64',
  'lambda-x86_64',
  'poller-unit',
  'http-api-request',
  'function-url-request',
  'dynamodb-write-unit',
  'dynamodb-read-unit',
  'dynamodb-storage',
  'dynamodb-recovery',
  'msk-serverless-cluster',
  'msk-serverless-partition',
  'msk-serverless-in',
  'msk-serverless-out',
  'msk-serverless-storage',
  'kafka.t3.small',
  'kafka.m5.large',
  'kafka.m7g.large',
  'express.m7g.large',
  'express.m7g.xlarge',
  'msk-storage',
  'msk-express-in',
  'cross-zone-traffic',
  'nat-gateway',
  'nat-traffic',
  'interface-endpoint-zone',
  'interface-endpoint-traffic',
  'logs-taken-in',
  'logs-kept',
  'schedule-call',
  'secret',
  'metric',
  'alarm',
  'small-machine',
] as const;

/** What is charged for, without a figure that could be named. */
const unpricedItems = [
  'public-ip',
  'customer-key',
  'dashboard',
  'trace',
  'msk-express-storage',
  /** A type of broker that the file does not name. */
  'other-broker',
] as const;

export const priceItems = [...pricedItems, ...unpricedItems] as const;
export type PriceItem = (typeof priceItems)[number];

/** Per what a price is asked: a GB is 2^30 bytes, a million is of requests or units. */
const Per = z.enum(['hour', 'month', 'million', 'gb', 'gb-month', 'gb-second']);
export type Per = z.infer<typeof Per>;

const Entry = z.strictObject({
  item: z.enum(pricedItems),
  per: Per,
  /** US dollars. */
  usd: z.number().nonnegative(),
  /** Where absent, that of the file. */
  region: z.string().optional(),
  /** Read in a price list of AWS, or a copy of one. */
  verified: z.boolean(),
  /** Year, month or day on which the figure stood. */
  date: z.string().regex(/^\d{4}(-\d{2}){0,2}$/),
  source: z.string().min(1),
});

const PriceFile = z.strictObject({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  region: z.string().min(1),
  prices: z.array(Entry),
  /** What is missing, for whoever comes upon its price. */
  unpriced: z.array(z.enum(unpricedItems)),
});

const file = PriceFile.parse(parse(readFileSync(new URL('prices-2026-11.yaml', import.meta.url), 'utf8')));

/** When and for which region the prices were written down. */
export const listedIn: { readonly month: string; readonly region: string } = file;

/** AWS reckons a month as so many hours. */
export const hoursPerMonth = 730;

export type Price =
  | {
      readonly known: true;
      readonly per: Per;
      readonly usd: number;
      /** Read in a price list, for this very region. */
      readonly verified: boolean;
      /** Which region's it is. */
      readonly region: string;
      readonly date: string;
      readonly source: string;
    }
  /** `currency`: the region is billed in another one than US dollars, by a list of its own. */
  | { readonly known: false; readonly because: 'unlisted' | 'currency'; readonly per: Per | undefined };

/** The regions of China are run by Sinnet and NWCD and billed in CNY. */
export const isBilledInDollars = (region: string): boolean => !region.startsWith('cn-');

/** A region that the file does not name gets the price of the file's own, unverified. */
export const priceOf = (item: PriceItem, region: string): Price => {
  const entry = entryFor(item, region) ?? entryFor(item, file.region);
  if (!isBilledInDollars(region)) return { known: false, because: 'currency', per: entry?.per };
  if (entry === undefined) return { known: false, because: 'unlisted', per: undefined };
  const { per, usd, date, source } = entry;
  const listed = entry.region ?? file.region;
  return { known: true, per, usd, date, source, region: listed, verified: entry.verified && listed === region };
};

const entryFor = (item: PriceItem, region: string) =>
  file.prices.find((entry) => entry.item === item && (entry.region ?? file.region) === region);

export interface MonthlyPrice {
  /** For a whole month of one of it. Undefined where no figure is known, or the region is not billed in US dollars. */
  readonly usd: number | undefined;
  readonly verified: boolean;
}

/** What one of a thing costs that is paid for by the hour or the month, whether or not anything happens. */
export const monthly = (item: PriceItem, region: string): MonthlyPrice => {
  const price = priceOf(item, region);
  if (!price.known) return { usd: undefined, verified: false };
  const { verified } = price;
  switch (price.per) {
    case 'hour':
      return { usd: price.usd * hoursPerMonth, verified };
    case 'month':
      return { usd: price.usd, verified };
    case 'million':
    case 'gb':
    case 'gb-month':
    case 'gb-second':
      return { usd: undefined, verified: false };
  }
};

/** The item of a broker type as a stage names it. */
export const brokerItem = (instance: string): PriceItem =>
  pricedItems.find((item) => item === instance) ?? 'other-broker';
