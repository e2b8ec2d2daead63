import { describe, expect, it } from 'vitest';
import { alternativesFor } from '#infra/aws/cost/alternatives.ts';
import { chinese, readmeTable } from '#infra/aws/cost/readme-table.ts';

const calls = { crm: true, channels: true };
const waysFor = (webhooksPerMonth: number, customers: number, region = 'us-east-1') =>
  alternativesFor({ webhooksPerMonth, customers, region, calls });

describe('other ways', () => {
  it.each([
    [1_000_000, 100_000, 'fits', 'single-node'],
    // 1 GB of memory
    [1_000_000, 300_000, 'larger-machine', 'msk-new'],
    // a week of webhooks fills the disk
    [100_000_000, 10_000, 'larger-machine', 'msk-new'],
    // ten times the mean is more than was measured
    [400_000_000, 10_000, 'too-fast', 'msk-new'],
  ] as const)(
    'for %i webhooks and %i customers: one machine %s, cheapest is %s',
    (webhooks, customers, fit, cheapest) => {
      const ways = waysFor(webhooks, customers);
      expect([ways.singleNode.fit, ways.cheapest]).toEqual([fit, cheapest]);
      expect(ways.singleNode.usd === undefined).toBe(fit !== 'fits');
    },
  );

  it('does not offer MSK Serverless where there is none', () => {
    const names = (region: string) => waysFor(1e6, 1e5, region).aws.map(({ name }) => name);
    expect(names('eu-central-1')).toContain('msk-serverless');
    expect(names('us-gov-west-1')).not.toContain('msk-serverless');
  });

  it('calls none the cheapest where no price is known', () => {
    expect(waysFor(1e6, 1e5, 'cn-north-1')).toMatchObject({ singleNode: { usd: undefined }, cheapest: undefined });
  });
});

describe('the table of the README', () => {
  it.each([
    ['en', readmeTable()],
    ['zh', readmeTable(chinese)],
  ])('has a row for each volume and a figure in every cell (%s)', (_, table) => {
    const rows = table.trimEnd().split('\n');
    expect(rows).toHaveLength(5);
    expect(new Set(rows.map((row) => row.split('|').length))).toEqual(new Set([7]));
    expect(table).not.toContain('—');
    expect(rows.slice(2).map((row) => row.split('|')[1]?.split(/[ ]/)[1])).toEqual([
      '10,000',
      '1,000,000',
      '100,000,000',
    ]);
  });
});
