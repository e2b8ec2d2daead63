import { alternativesFor } from './alternatives.ts';
import type { Bill } from './bill-of.ts';
import { listedIn } from './price-list.ts';
import type { ReferenceName } from './reference-stages.ts';
import type { SingleNode } from './single-node.ts';

/** What the README compares: webhooks in a month, and customers that come with so many. */
const volumes = [
  { webhooksPerMonth: 10_000, customers: 1_000 },
  { webhooksPerMonth: 1_000_000, customers: 100_000 },
  { webhooksPerMonth: 100_000_000, customers: 1_000_000 },
] as const;

const columns = ['kafka-public', 'msk-new', 'msk-serverless'] as const satisfies readonly ReferenceName[];

export interface TableTexts {
  readonly heads: readonly string[];
  readonly row: (webhooks: string, customers: string) => string;
  readonly idle: (usd: string) => string;
  readonly largerMachine: string;
}

/** The README's table of bills, as Markdown: US dollars a month and, in brackets, of a month in which nothing happens. */
export const readmeTable = (texts: TableTexts = english): string => {
  const rows = volumes.map((volume) => {
    const calls = { crm: true, channels: true };
    const { aws, singleNode } = alternativesFor({ ...volume, calls, region: listedIn.region });
    const bills = columns.map((name) => aws.find((way) => way.name === name)?.bill);
    const head = texts.row(number(volume.webhooksPerMonth), number(volume.customers));
    return [head, ...bills.map((bill) => cell(bill, texts)), singleCell(singleNode, texts)];
  });
  const rule = ['---', ...Array.from({ length: columns.length + 1 }, () => '--:')];
  return [texts.heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
};

const number = (value: number): string => value.toLocaleString('en-US');

/** Whole dollars: the figures are not surer than that. */
const dollars = (usd: number): string => `$${number(Math.round(usd))}`;

const cell = (bill: Bill | undefined, { idle }: TableTexts): string =>
  bill?.usd === undefined || bill.idleUsd === undefined ? '—' : `${dollars(bill.usd)} (${idle(dollars(bill.idleUsd))})`;

const singleCell = ({ usd }: SingleNode, { largerMachine }: TableTexts): string =>
  usd === undefined ? largerMachine : dollars(usd);

const english: TableTexts = {
  heads: [
    'A month',
    'a Kafka you have, its own bill left out',
    'new MSK, three `kafka.t3.small`',
    'MSK Serverless',
    'one machine, no AWS',
  ],
  row: (webhooks, customers) => `${webhooks} webhooks, ${customers} customers`,
  idle: (usd) => `idle ${usd}`,
  largerMachine: 'a larger one',
};

export const chinese: TableTexts = {
  heads: [
    '每月',
    '已有的 Kafka（不含其自身费用）',
    '新建 MSK，三个 `kafka.t3.small`',
    'MSK Serverless',
    '一台机器，不用 AWS',
  ],
  row: (webhooks, customers) => `${webhooks} 个 webhook，${customers} 个客户`,
  idle: (usd) => `空闲 ${usd}`,
  largerMachine: '需要更大的机器',
};
