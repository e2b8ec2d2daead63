import type { Instant } from '../../shared/domain/instant.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { Judgement, Precision } from '../../shared/grading/backtest/judge-grades.ts';
import type { BacktestReport } from '../../shared/grading/backtest/run-backtest.ts';
import type { LoadedModel } from '../node/workspace/load-workspace.ts';
import { type BacktestTexts, backtestTexts } from './backtest-texts.ts';
import { type ValueFormat, valueFormat } from './format-values.ts';
import { type Column, printable, printTable } from './print-table.ts';

export interface PlayedModel {
  readonly loaded: LoadedModel;
  readonly report: BacktestReport;
}

export interface PlayedHistory {
  readonly from: Instant;
  readonly to: Instant;
  readonly timezone: string;
  readonly withoutCustomer: number;
  readonly countsFirst: boolean;
  readonly guards: 'on' | 'off';
  readonly played: readonly PlayedModel[];
}

interface Page {
  readonly texts: BacktestTexts;
  readonly format: ValueFormat;
}

/** One model in full, or several side by side. */
export const printBacktest = (history: PlayedHistory, language: Language): string => {
  const page = { texts: backtestTexts[language], format: valueFormat(language, history.timezone) };
  const [first, ...more] = history.played;
  if (first === undefined) return '';
  const body =
    more.length > 0 ? comparison(history.played, page) : `${titleOf(first, page)}\n${reportOn(first.report, page)}`;
  return `${heading(history, first.report, page)}${body}`;
};

const right = (title: string): Column => ({ title, align: 'right' });

const heading = (history: PlayedHistory, { events, customers }: BacktestReport, { texts, format }: Page): string => {
  const [from, to] = [format.instant(history.from), format.instant(history.to)];
  const left = history.withoutCustomer === 0 ? '' : texts.left(format.number(history.withoutCustomer));
  const rules = `${texts.firsts(history.countsFirst)}${history.guards === 'off' ? texts.guardsOff : ''}\n\n`;
  return `${texts.played(format.number(events), format.number(customers), from, to, history.timezone)}${left}${rules}`;
};

const titleOf = ({ loaded: { model, file } }: PlayedModel, { texts }: Page): string =>
  printable(`${texts.model} ${model.id} ${model.version}  ${file}`);

const causes = ['own', 'displaced', 'timer'] as const;

const comparison = (played: readonly PlayedModel[], page: Page): string => {
  const { texts, format } = page;
  const judged = played.some(({ report }) => report.judgement !== undefined);
  const titles = [...causes.map((cause) => texts.causes[cause]), texts.all, texts.perEvent, texts.perCustomer];
  const columns = [{ title: texts.model }, ...[...titles, ...(judged ? [texts.auc] : [])].map(right)];
  const rows = played.map(({ loaded: { file }, report }) => {
    const { byCause, changes, changesPerEvent, changesPerCustomer } = report;
    const counts = [...causes.map((cause) => byCause[cause]), changes].map(format.number);
    const area = report.judgement?.areaUnderCurve;
    return [
      file,
      ...counts,
      ...[changesPerEvent, changesPerCustomer].map(format.number),
      ...(judged ? [area === undefined ? '—' : format.number(area)] : []),
    ];
  });
  return printTable(columns, rows);
};

const reportOn = (report: BacktestReport, page: Page): string => {
  const { texts, format } = page;
  const { byCause, changes, events, customers, ups, downs, others } = report;
  const ratio = (count: number, of: number): string => format.number(of === 0 ? 0 : count / of);
  const row = (title: string, count: number): string[] => [
    title,
    format.number(count),
    ratio(count, events),
    ratio(count, customers),
  ];
  const columns = [{ title: texts.because }, right(texts.changes), right(texts.perEvent), right(texts.perCustomer)];
  const rows = [...causes.map((cause) => row(texts.causes[cause], byCause[cause])), row(texts.all, changes)];
  const ways = [
    [texts.ups, ups],
    [texts.downs, downs],
    [texts.others, others],
  ] as const;
  const directions = ways.map(([way, count]) => `${way} ${format.number(count)}`).join('  ');
  const { mostPerEvent, customersChanged, mostPerCustomer } = report;
  const detail = texts.detail(...([mostPerEvent, customersChanged, mostPerCustomer].map(format.number) as Three));
  return `${printTable(columns, rows)}  ${directions}\n  ${detail}\n${timeTable(report, page)}${judgementOf(report.judgement, page)}`;
};

type Three = [string, string, string];

const percent = (share: number, { format }: Page): string => `${format.number(Math.round(share * 1_000) / 10)} %`;

const timeTable = ({ timeInGrade }: BacktestReport, page: Page): string => {
  const { texts, format } = page;
  return `${texts.time}\n${printTable(
    [{ title: texts.grade }, right(texts.days), right(texts.share)],
    timeInGrade.map(({ grade, customerDays, share }) => [
      grade,
      format.number(Math.round(customerDays)),
      percent(share, page),
    ]),
  )}`;
};

const judgementOf = (judgement: Judgement | undefined, page: Page): string => {
  if (judgement === undefined) return '';
  const { texts, format } = page;
  if (judgement.count === 0) return `\n${texts.noOutcomes}`;
  const counts = ({ count, good, rate }: Precision): string[] => [
    format.number(count),
    format.number(good),
    percent(rate, page),
  ];
  const numbers = [right(texts.known), right(texts.good), right(texts.rate)];
  const byGrade = judgement.byGrade.map((row) => [format.grade(row.grade), ...counts(row)]);
  const byScore = judgement.byScore.map((row) => [
    `${format.number(row.from)} – ${format.number(row.to)}`,
    ...counts(row),
  ]);
  const area = judgement.areaUnderCurve === undefined ? '' : `  ${texts.area(format.number(judgement.areaUnderCurve))}`;
  return [
    `\n${texts.outcome(format.number(judgement.count), format.number(judgement.good))}\n`,
    printTable([{ title: texts.grade }, ...numbers], byGrade),
    area,
    '\n',
    printTable([{ title: texts.score }, ...numbers], byScore),
  ].join('');
};
