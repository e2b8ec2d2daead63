import type { Language } from '../../shared/domain/message.ts';
import type { Alternatives, Way } from '../aws/cost/alternatives.ts';
import type { Assumptions } from '../aws/cost/assumptions.ts';
import type { Bill } from '../aws/cost/bill-of.ts';
import type { Line } from '../aws/cost/line.ts';
import { isBilledInDollars } from '../aws/cost/price-list.ts';
import { webhooksPerSecond } from '../aws/cost/single-node.ts';
import { type CostTexts, costTexts } from './cost-texts.ts';
import { type ValueFormat, valueFormat } from './format-values.ts';
import { type Column, printable, printTable } from './print-table.ts';

export interface Reckoned {
  readonly webhooksPerMonth: number;
  readonly customers: number;
  /** As it was named; undefined for the one that is taken without a name. */
  readonly stage: string | undefined;
  readonly assumptions: Assumptions;
  readonly prices: { readonly month: string; readonly region: string };
  readonly bill: Bill;
  readonly alternatives: Alternatives;
}

interface Page {
  readonly texts: CostTexts;
  readonly format: ValueFormat;
}

/** The bill by line, what it supposes, and other ways. */
export const printBill = (reckoned: Reckoned, language: Language): string => {
  const page = { texts: costTexts[language], format: valueFormat(language, 'UTC') };
  return [heading(reckoned, page), billTable(reckoned, page), footing(reckoned, page), otherWays(reckoned, page)].join(
    '\n',
  );
};

const right = (title: string): Column => ({ title, align: 'right' });

const heading = ({ webhooksPerMonth, customers, stage, prices, bill }: Reckoned, { texts, format }: Page): string =>
  [
    texts.title(format.number(webhooksPerMonth), format.number(customers), bill.region),
    stage === undefined ? texts.unnamedStage : '',
    isBilledInDollars(bill.region) ? texts.prices(prices.month, prices.region) : texts.currency(bill.region),
  ].join('');

const billTable = ({ bill, prices }: Reckoned, page: Page): string => {
  const { texts } = page;
  const { what, quantity, price, usd, idle, note } = texts.columns;
  const rows = bill.lines.map((line) => [
    texts.lines[line.kind](line.of ?? ''),
    quantityOf(line, page),
    priceText(line.price),
    money(line.usd, page),
    money(line.idleUsd, page),
    line.doubt === undefined ? '' : texts.doubts[line.doubt](prices.region, bill.region),
  ]);
  const unpriced = bill.lines.filter(({ doubt }) => doubt === 'unpriced').length;
  const remark = unpriced === 0 || bill.usd === undefined ? '' : texts.totalWithout(page.format.number(unpriced));
  const total = [texts.total, '', '', money(bill.usd, page), money(bill.idleUsd, page), remark];
  return printTable([{ title: what }, ...[quantity, price, usd, idle].map(right), { title: note }], [...rows, total]);
};

const quantityOf = ({ quantity, per }: Line, { texts, format }: Page): string =>
  `${format.number(quantity)} ${per === undefined ? '' : texts.units[per]}`.trimEnd();

/** Six digits that count: a GB-second costs thousandths of a cent. */
const priceText = (price: number | undefined): string =>
  price === undefined ? '—' : new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 }).format(price);

const money = (usd: number | undefined, { format }: Page): string =>
  usd === undefined ? '—' : `$${format.points(usd)}`;

const footing = ({ bill, assumptions }: Reckoned, { texts, format }: Page): string => {
  const supposed = Object.entries(assumptions)
    .flatMap(([name, value]: readonly [string, number | undefined]) =>
      value === undefined ? [] : [`--${dashed(name)} ${format.number(value)}`],
    )
    .join(' ');
  return `${bill.withoutKafka ? texts.withoutKafka : ''}${texts.idle}${texts.assumed(printable(supposed))}`;
};

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const otherWays = ({ alternatives }: Reckoned, page: Page): string => {
  const { texts, format } = page;
  const { singleNode, aws, cheapest } = alternatives;
  const { way, usd, idle, why } = texts.otherColumns;
  const said = (name: Way, text: string): string => `${name === cheapest ? texts.cheapest : ''}${text}`;
  const single = texts.single[singleNode.fit](format.number(webhooksPerSecond));
  const rows = [
    [
      texts.ways['single-node'],
      ...[singleNode.usd, singleNode.usd].map((each) => money(each, page)),
      said('single-node', single),
    ],
    ...aws.map(({ name, bill }) => [
      texts.ways[name],
      money(bill.usd, page),
      money(bill.idleUsd, page),
      said(name, texts.whys[name]),
    ]),
  ];
  return `${texts.others}${printTable([{ title: way }, right(usd), right(idle), { title: why }], rows)}`;
};
