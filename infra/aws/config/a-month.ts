import { isBilledInDollars, monthly, type PriceItem } from '../cost/price-list.ts';

/** What one of a thing costs, as it stands in brackets behind it: `about $33 a month`, and how sure that is. */
export const aMonth = (item: PriceItem, region: string): string => {
  if (!isBilledInDollars(region)) return 'billed in CNY, by the price list of China';
  const { usd, verified } = monthly(item, region);
  if (usd === undefined) return 'priced by the hour, without a figure here';
  return `about $${Math.round(usd)} a month${verified ? '' : `, not verified for ${region}`}`;
};
