import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Temporal } from 'temporal-polyfill';
import { parse } from 'yaml';
import type { Fact } from '../../shared/domain/fact.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import { parseMoney } from '../../shared/domain/money.ts';
import { compileModel } from '../../shared/grading/compile-model.ts';
import type { CompiledGrader } from '../../shared/grading/grader.ts';
import { Model } from '../../shared/grading/model.ts';
import { type DemoInvoice, readInvoices } from './read-invoices.ts';

/** The shares of customers that reach the two upper grades. */
const shares = { A: 0.2, B: 0.5 } as const;
const roundTo = 50;

export interface SuggestedCuts {
  /** Scores looked at: one per customer and month in which it bought in the model's window. */
  readonly scores: number;
  /** The exact quantiles, GBP. */
  readonly exact: Readonly<Record<keyof typeof shares, number>>;
  /** What a person would write down. */
  readonly rounded: Readonly<Record<keyof typeof shares, number>>;
}

/** Cut-offs that give the shares above on the average month, by what the model scores on the first of each. */
export const suggestCuts = (invoices: readonly DemoInvoice[], grader: CompiledGrader): SuggestedCuts => {
  const facts = factsByCustomer(invoices);
  const scores = monthsOf(invoices)
    .flatMap((now) =>
      [...facts.values()].map((own) => grader.decide({ attributes: { name: '-' }, facts: own }, now).score),
    )
    .filter((score): score is number => score !== null && score > 0)
    .sort((a, b) => b - a);
  const exact = { A: shareCut(scores, shares.A), B: shareCut(scores, shares.B) };
  return { scores: scores.length, exact, rounded: { A: rounded(exact.A), B: rounded(exact.B) } };
};

/** The score of the last customer inside the best `share`. */
const shareCut = (descending: readonly number[], share: number): number =>
  descending[Math.max(0, Math.ceil(share * descending.length) - 1)] ?? 0;

const rounded = (cut: number): number => Math.round(cut / roundTo) * roundTo;

const factsByCustomer = (invoices: readonly DemoInvoice[]): ReadonlyMap<string, readonly Fact[]> => {
  const facts = new Map<string, Fact[]>();
  for (const { customer, at, amount } of invoices) {
    const money = parseMoney(amount, 'GBP');
    if (customer === undefined || money === undefined) continue;
    const paid = money.units >= 0;
    const fact: Fact = {
      type: paid ? 'invoice.paid' : 'invoice.refunded',
      at,
      amount: { ...money, units: Math.abs(money.units) },
    };
    facts.set(customer, [...(facts.get(customer) ?? []), fact]);
  }
  return facts;
};

/** The first of each month that has 90 days of invoices behind it: London's midnights. */
const monthsOf = (invoices: readonly DemoInvoice[]): readonly Instant[] => {
  const [start, end] = [invoices[0]?.at ?? 0, invoices.at(-1)?.at ?? 0];
  const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO('Europe/London').toPlainDate();
  const months = Array.from({ length: 24 }, (_, index) => first.with({ day: 1 }).add({ months: index }));
  return months
    .filter((month) => first.until(month, { largestUnit: 'days' }).days >= 90)
    .map((month) => month.toZonedDateTime('Europe/London').epochMilliseconds)
    .filter((at) => at <= end);
};

const modelFile = new URL('./workspace/models/demo-gbp.yaml', import.meta.url);

export const readDemoModel = async (): Promise<CompiledGrader> =>
  compileModel(Model.parse(parse(await readFile(modelFile, 'utf8'))), 'demo');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { scores, exact, rounded: suggested } = suggestCuts(readInvoices(), await readDemoModel());
  process.stdout.write(
    `${scores} scores. Best 20 %: from ${exact.A.toFixed(2)} GBP, next 30 %: from ${exact.B.toFixed(2)} GBP.\n` +
      `atLeast: { A: ${suggested.A}, B: ${suggested.B} }\n`,
  );
}
