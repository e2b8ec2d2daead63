import type { Cause } from '../../shared/domain/change.ts';
import type { LedgerEntry } from '../../shared/domain/ledger.ts';
import type { Language } from '../../shared/domain/message.ts';
import { capSentences } from '../../shared/grading/explain.ts';
import type { Model } from '../../shared/grading/model.ts';
import { outlookOf } from '../../shared/grading/outlook.ts';
import { readerOf } from '../../shared/grading/reader.ts';
import { deliveryWord } from './delivery-texts.ts';
import { type ExplainTexts, explainTexts } from './explain-texts.ts';
import { roundToSum, type ValueFormat, valueFormat } from './format-values.ts';
import { printable, printTable } from './print-table.ts';
import type { CustomerView, DeliveryView, GradeView } from './reader.ts';

/** Everything there is to say about one customer. */
export interface Explanation {
  readonly view: CustomerView;
  /** Oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** Newest first. */
  readonly deliveries: readonly DeliveryView[];
}

export interface ExplanationStyle {
  readonly language: Language;
  readonly timezone: string;
  /** Where the titles of signals, grades and guards stand. */
  readonly models: readonly Model[];
}

interface Page {
  readonly language: Language;
  readonly timezone: string;
  readonly format: ValueFormat;
  readonly texts: ExplainTexts;
  readonly model: Model | undefined;
}

/** A page for the terminal: per model the grade and its reasons, then the history and who was told. */
export const printExplanation = ({ view, ledger, deliveries }: Explanation, style: ExplanationStyle): string => {
  const format = valueFormat(style.language, style.timezone);
  const texts = explainTexts[style.language];
  const page = (id: string): Page => ({
    language: style.language,
    timezone: style.timezone,
    format,
    texts,
    model: style.models.find((model) => model.id === id),
  });
  return [
    `${printable(`${view.name ?? ''}  ${view.customer}`).trim()}  (${style.timezone})\n`,
    printByHand(view, format, texts),
    ...view.grades.map((grade) => printGrade(grade, page(grade.model.id))),
    `\n${texts.history}\n${printLedger(ledger, format, texts)}`,
    `\n${texts.deliveries}\n${printDeliveries(deliveries, format, style.language)}`,
  ].join('');
};

/** What persons, or the CRM, said of the customer itself. */
const printByHand = ({ hold, partOf, parts }: CustomerView, format: ValueFormat, texts: ExplainTexts): string => {
  const until = hold?.until === undefined ? undefined : format.instant(hold.until);
  return [
    ...(hold === undefined ? [] : [texts.held(hold.grade, until, hold.by, hold.why)]),
    ...(partOf === undefined ? [] : [texts.partOf(partOf.customer)]),
    ...(parts === undefined ? [] : [texts.parts(parts.join(texts.comma))]),
  ]
    .map((line) => `  ${printable(line)}\n`)
    .join('');
};

const printGrade = (view: GradeView, page: Page): string => {
  const { format, texts, language } = page;
  const label = view.label === undefined ? '' : ` (${view.label[language]})`;
  const dimension = view.decides ? '' : texts.dimension;
  return [
    `\n${texts.grade} ${format.grade(view.grade)}${label}  ${texts.since(format.instant(view.since))}${dimension}\n`,
    `  ${texts.model(view.model.id, view.model.version)}\n`,
    view.score === null
      ? `  ${texts.outOfScope}\n`
      : `  ${texts.score(format.number(view.score), cutsText(view, format, texts))}\n`,
    view.guard === undefined ? '' : `  ${texts.guard(guardTitle(view.guard, page))}\n`,
    view.gradeNow === view.grade ? '' : `  ${texts.underReview(format.grade(view.gradeNow))}\n`,
    view.contributions.length === 0 ? '' : `\n${printContributions(view, page)}`,
    `\n${outlookText(view, page)}`,
    tagsText(view, texts),
  ].join('');
};

const cutsText = ({ cuts }: GradeView, format: ValueFormat, texts: ExplainTexts): string =>
  Object.entries(cuts)
    .filter(([, from]) => Number.isFinite(from))
    .map(([grade, from]) => texts.cut(grade, format.number(from)))
    .join(texts.comma);

const guardTitle = (id: string, { model, language }: Page): string =>
  model?.guards.find((guard) => guard.id === id)?.title?.[language] ?? id;

const nextText = ({ next, grade }: GradeView, { format, texts }: Page): string => {
  if (next === undefined) return texts.stays;
  return next.to === grade
    ? texts.looksAgain(format.instant(next.at))
    : texts.next(format.grade(next.to), format.instant(next.at));
};

/** How far the cuts are, what would bring another grade, and what comes if nothing happens: a line each. */
const outlookText = (view: GradeView, page: Page): string => {
  const { model, language, timezone } = page;
  const { reasons, gradeNow, next, ...rest } = view;
  if (model === undefined || reasons === undefined) return `  ${nextText(view, page)}\n`;
  const reader = readerOf(model, language, timezone);
  const comes = next === undefined || next.to === gradeNow ? {} : { next };
  const outlook = outlookOf({ ...rest, to: gradeNow, reasons, ...comes }, reader);
  const coming =
    outlook.projection.length > 0 || !model.explain.projection ? outlook.projection : [nextText(view, page)];
  return [...capSentences(reasons, reader), ...outlook.distance, ...outlook.counterfactuals, ...coming]
    .map((sentence) => `  ${printable(sentence)}\n`)
    .join('');
};

const tagsText = ({ tags }: GradeView, texts: ExplainTexts): string => {
  const pairs = Object.entries(tags).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? '' : `  ${texts.tags} ${printable(pairs.join('  '))}\n`;
};

/** Rounded so that the lines add up to the total below them, whatever was rounded away. */
const printContributions = (
  { contributions, reasons }: GradeView,
  { format, texts, model, language }: Page,
): string => {
  const points = roundToSum(contributions.map((one) => one.points));
  // against zero they would only say the points again
  const baseline = reasons?.baseline.kind === 'zero' ? undefined : reasons?.baseline;
  const phi = roundToSum(contributions.map((one) => one.phi ?? 0));
  const rows = contributions.map(({ factor, value, capped }, index) => [
    model?.signals[factor]?.title?.[language] ?? factor,
    value === undefined ? texts.unknown : typeof value === 'number' ? format.number(value) : String(value),
    format.points(points.values[index] ?? 0),
    ...(baseline === undefined ? [] : [format.points(phi.values[index] ?? 0)]),
    capped === true ? texts.capped : '',
  ]);
  const name = baseline?.grade === undefined ? texts.average : texts.cutOf(baseline.grade);
  const columns = [
    { title: texts.factor },
    { title: texts.value, align: 'right' as const },
    { title: texts.points, align: 'right' as const },
    ...(baseline === undefined ? [] : [{ title: texts.against(name), align: 'right' as const }]),
    { title: '' },
  ];
  const sums = [format.points(points.total), ...(baseline === undefined ? [] : [format.points(phi.total)])];
  return printTable(columns, [...rows, [texts.total, '', ...sums, '']]);
};

const printLedger = (ledger: readonly LedgerEntry[], format: ValueFormat, texts: ExplainTexts): string => {
  if (ledger.length === 0) return `  ${texts.none}\n`;
  const rows = ledger.map(({ seq, body }) =>
    body === undefined
      ? [String(seq), '', texts.erased, '', '', '']
      : [
          String(seq),
          format.instant(body.at),
          `${format.grade(body.from)} → ${format.grade(body.to)}`,
          body.score === null ? '' : format.number(body.score),
          `${body.model.id} ${body.model.version}`,
          causeText(body.cause, texts),
        ],
  );
  const columns = [
    { title: '#', align: 'right' as const },
    { title: texts.when },
    { title: texts.change },
    { title: texts.scoreTitle, align: 'right' as const },
    { title: texts.modelTitle },
    { title: texts.cause },
  ];
  return printTable(columns, rows);
};

const causeText = (cause: Cause, texts: ExplainTexts): string => {
  switch (cause.type) {
    case 'event':
      return cause.facts.length === 0 ? cause.record : `${cause.facts.join(', ')}: ${cause.record}`;
    case 'timer':
      return texts.timer;
    case 'model':
      return texts.newModel;
    case 'displaced':
      return texts.displaced;
    case 'merge':
    case 'converted': {
      const { customer, undone, by, why } = cause;
      const joined = cause.type === 'merge' ? texts.merged : texts.converted;
      const what = undone === true ? texts.cameApart(customer) : joined(customer);
      return by === undefined || why === undefined ? what : `${what} (${texts.manual(by, why)})`;
    }
    case 'manual':
      return texts.manual(cause.by, cause.why);
  }
};

const printDeliveries = (deliveries: readonly DeliveryView[], format: ValueFormat, language: Language): string => {
  const texts = explainTexts[language];
  if (deliveries.length === 0) return `  ${texts.none}\n`;
  const rows = deliveries.map(({ createdAt, channel, kind, status, attempts, lastError }) => [
    format.instant(createdAt),
    channel,
    deliveryWord(kind, language),
    deliveryWord(status, language),
    String(attempts),
    lastError ?? '',
  ]);
  const columns = [
    { title: texts.when },
    { title: texts.channel },
    { title: texts.kind },
    { title: texts.status },
    { title: texts.attempts, align: 'right' as const },
    { title: texts.problem },
  ];
  return printTable(columns, rows);
};
