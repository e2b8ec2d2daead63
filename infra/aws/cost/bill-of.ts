import type { Calls } from '../config/placement.ts';
import type { Stage } from '../config/stage.ts';
import { type Assumptions, defaultAssumptions } from './assumptions.ts';
import { computeItems } from './compute-items.ts';
import { functionLoads } from './function-load.ts';
import { type Item, type Line, lineOf } from './line.ts';
import { networkItems } from './network-items.ts';
import { operatingItems } from './operating-items.ts';
import { streamItems } from './stream-items.ts';
import { tableItems } from './table-items.ts';
import { trafficOf, type Volume } from './traffic.ts';

export interface BillRequest extends Volume {
  readonly stage: Stage;
  readonly calls: Calls;
  /** In place of the stage's. */
  readonly region?: string;
  readonly assumptions?: Partial<Assumptions>;
}

/** US dollars for one month, without tax, discounts and free allowances. */
export interface Bill {
  readonly region: string;
  readonly lines: readonly Line[];
  /** Of the lines with a figure; undefined where no line has one. */
  readonly usd: number | undefined;
  /** For a month in which nothing happens. */
  readonly idleUsd: number | undefined;
  /** Whether brokers that somebody else runs are not in it. */
  readonly withoutKafka: boolean;
}

/** What a stage costs in a month. Pure: the same for the same request. */
export const billOf = (request: BillRequest): Bill => {
  const region = request.region ?? request.stage.region;
  const idle = itemsOf({ ...request, webhooksPerMonth: 0 });
  const lines = itemsOf(request).map((item) => lineOf(item, quantityOf(item, idle), region));
  const withoutKafka = request.stage.stream.kind === 'kafka' || request.stage.stream.kind === 'msk';
  return { region, lines, ...totalsOf(lines), withoutKafka };
};

const itemsOf = ({ stage, calls, webhooksPerMonth, customers, assumptions }: BillRequest): readonly Item[] => {
  const supposed = { ...defaultAssumptions, ...assumptions };
  const traffic = trafficOf({ webhooksPerMonth, customers }, supposed);
  const loads = functionLoads(stage, traffic, supposed);
  const situation = { stage, calls, customers, assumptions: supposed, traffic, functionLoads: loads };
  return [computeItems, streamItems, tableItems, networkItems, operatingItems].flatMap((items) => items(situation));
};

const quantityOf = ({ kind, of }: Item, items: readonly Item[]): number =>
  items.find((item) => item.kind === kind && item.of === of)?.quantity ?? 0;

const totalsOf = (lines: readonly Line[]): Pick<Bill, 'usd' | 'idleUsd'> => {
  const known = lines.flatMap(({ usd, idleUsd }) =>
    usd === undefined || idleUsd === undefined ? [] : [{ usd, idleUsd }],
  );
  if (known.length === 0) return { usd: undefined, idleUsd: undefined };
  const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);
  return { usd: sum(known.map(({ usd }) => usd)), idleUsd: sum(known.map(({ idleUsd }) => idleUsd)) };
};
