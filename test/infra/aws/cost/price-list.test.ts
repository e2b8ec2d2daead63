import { describe, expect, it } from 'vitest';
import { monthly, priceItems, priceOf } from '#infra/aws/cost/price-list.ts';

const china = ['cn-north-1', 'cn-northwest-1'];

describe('prices', () => {
  it('have a figure for every item, or are said to have none', () => {
    const unlisted = priceItems.filter((item) => !priceOf(item, 'us-east-1').known);
    expect(unlisted).toEqual([
      ...['public-ip', 'customer-key', 'dashboard', 'trace', 'msk-express-storage', 'other-broker'],
    ]);
  });

  it('are those of the list’s region elsewhere, and unverified there', () => {
    const [here, there] = (['us-east-1', 'eu-central-1'] as const).map((region) => priceOf('nat-gateway', region));
    expect(here).toMatchObject({ known: true, usd: 0.045, verified: true, region: 'us-east-1' });
    expect(there).toEqual({ ...here, verified: false });
  });

  it.each(china)('are none for %s, which is billed in CNY', (region) => {
    expect(priceItems.filter((item) => priceOf(item, region).known)).toEqual([]);
    expect(monthly('nat-gateway', region)).toEqual({ usd: undefined, verified: false });
  });

  it.each([
    ['nat-gateway', 32.85],
    ['poller-unit', 135.05],
    ['msk-serverless-cluster', 547.5],
    ['secret', 0.4],
    // asked per request: a month of it is nothing that could be said
    ['lambda-request', undefined],
    ['public-ip', undefined],
  ] as const)('make %s %s a month', (item, usd) => {
    const month = monthly(item, 'us-east-1').usd;
    expect(month === undefined ? undefined : Math.round(month * 100) / 100).toBe(usd);
  });
});
