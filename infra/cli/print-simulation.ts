import type { Instant } from '../../shared/domain/instant.ts';
import type { Language } from '../../shared/domain/message.ts';
import type { ModelShape } from '../../shared/grading/model-shape.ts';
import type { Consequences } from '../../shared/grading/simulate/consequences.ts';
import type { Amount, Simulation } from '../../shared/grading/simulate/simulate.ts';
import { type ValueFormat, valueFormat } from './format-values.ts';
import { type Column, printTable } from './print-table.ts';
import { type SimulateTexts, simulateTexts } from './simulate-texts.ts';

export interface SimulationPage {
  readonly model: ModelShape;
  /** Whose grades are held now. */
  readonly against: Pick<ModelShape, 'id'>;
  readonly at: Instant;
  readonly timezone: string;
  /** The signal that says what customers are worth; undefined: all amounts of a year. */
  readonly valueSignal: string | undefined;
  readonly simulation: Simulation;
  readonly consequences: Consequences;
}

/** The whole report, for a person. */
export const printSimulation = (page: SimulationPage, language: Language): string => {
  const writing = { texts: simulateTexts[language], format: valueFormat(language, page.timezone) };
  return [
    headingOf(page, writing),
    matrixOf(page, writing),
    gradesOf(page, writing),
    movementOf(page, writing),
    segmentsOf(page, writing),
    consequencesOf(page, writing),
    moversOf(page, writing),
  ]
    .filter((part) => part !== '')
    .join('\n');
};

interface Writing {
  readonly texts: SimulateTexts;
  readonly format: ValueFormat;
}

const right = (title: string): Column => ({ title, align: 'right' });

const headingOf = ({ model, against, simulation, at, timezone }: SimulationPage, { texts, format }: Writing): string =>
  texts.heading(
    model.id,
    String(model.version),
    format.number(simulation.all.customers),
    format.instant(at),
    timezone,
  ) + texts.against(against.id);

const matrixOf = ({ simulation: { matrix, grades } }: SimulationPage, { texts, format }: Writing): string => {
  const count = (from: string | null, to: string | null): string => {
    const found = matrix.find((each) => each.from === from && each.to === to);
    return found === undefined ? '·' : format.number(found.customers);
  };
  const from = grades.filter(({ held }) => held.customers > 0);
  const to = grades.filter(({ effective }) => effective.customers > 0);
  const columns = [{ title: texts.from }, ...to.map(({ grade }) => right(format.grade(grade))), right(texts.all)];
  const rows = from.map((row) => [
    format.grade(row.grade),
    ...to.map(({ grade }) => count(row.grade, grade)),
    format.number(row.held.customers),
  ]);
  const last = [texts.all, ...to.map(({ effective }) => format.number(effective.customers)), ''];
  return `${texts.matrix}\n${printTable(columns, [...rows, last])}`;
};

const gradesOf = (page: SimulationPage, { texts, format }: Writing): string => {
  const { model, valueSignal, simulation } = page;
  const money = texts.value(valueSignal, model.currency);
  const columns = [
    { title: texts.grade },
    right(texts.heldNow),
    right(money),
    right(texts.byScore),
    right(texts.then),
    right(money),
  ];
  const amounts = ({ customers, value }: Amount): string[] => [format.number(customers), format.points(value)];
  const rows = simulation.grades.map(({ grade, held, raw, effective }) => [
    format.grade(grade),
    ...amounts(held),
    format.number(raw.customers),
    ...amounts(effective),
  ]);
  return `${texts.grades}\n${printTable(columns, rows)}`;
};

const shareOf = (part: Amount, whole: Amount, { format }: Writing): string => {
  const share = whole.customers === 0 ? 0 : part.customers / whole.customers;
  return `${format.number(Math.round(share * 1_000) / 10)} %`;
};

const movementOf = ({ simulation, model }: SimulationPage, writing: Writing): string => {
  const { texts, format } = writing;
  const { all, moving, up, down, waiting, withoutData, graded } = simulation;
  const counts = [up, down].map(({ customers }) => format.number(customers));
  return [
    texts.moving(format.number(moving.customers), shareOf(moving, all, writing), counts[0] ?? '', counts[1] ?? ''),
    texts.worth(`${format.points(moving.value)} ${model.currency}`),
    ...(waiting.customers === 0 ? [] : [texts.waiting(format.number(waiting.customers))]),
    texts.withoutData(format.number(withoutData.customers), shareOf(withoutData, graded, writing)),
  ].join('');
};

/** One alone is everybody. */
const segmentsOf = ({ simulation, model, valueSignal }: SimulationPage, writing: Writing): string => {
  const { texts, format } = writing;
  const { segments, grades } = simulation;
  if (segments.length < 2) return '';
  const to = grades.filter(({ effective }) => effective.customers > 0);
  const columns = [
    { title: texts.segment },
    ...[texts.customers, texts.value(valueSignal, model.currency), texts.wouldMove].map(right),
    ...to.map(({ grade }) => right(format.grade(grade))),
  ];
  const rows = segments.map(({ segment, all, moving, matrix }) => [
    segment ?? texts.noSegment,
    format.number(all.customers),
    format.points(all.value),
    format.number(moving.customers),
    ...to.map(({ grade }) =>
      format.number(matrix.filter((each) => each.to === grade).reduce((sum, { customers }) => sum + customers, 0)),
    ),
  ]);
  return `${texts.segments}\n${printTable(columns, rows)}`;
};

const consequencesOf = ({ consequences }: SimulationPage, { texts, format }: Writing): string => {
  const { channels, crmCalls } = consequences;
  if (channels.length === 0) return `${texts.consequences}\n${texts.nothing}`;
  const table = printTable(
    [{ title: texts.channel }, { title: texts.what }, right(texts.count)],
    channels.map(({ channel, kind, deliveries }) => [channel, texts.kinds[kind], format.number(deliveries)]),
  );
  const calls = crmCalls.map(({ connection, calls: count }) => texts.calls(connection, format.number(count)));
  return `${texts.consequences}\n${table}${calls.join('')}`;
};

const moversOf = ({ simulation, model, valueSignal }: SimulationPage, { texts, format }: Writing): string => {
  const { movers, moving } = simulation;
  if (movers.length === 0) return '';
  const columns = [
    { title: texts.customer },
    { title: texts.name },
    { title: texts.grade },
    { title: texts.raw },
    right(texts.score),
    right(texts.value(valueSignal, model.currency)),
  ];
  const rows = movers.map(({ customer, name, from, to, raw, score, value }) => [
    customer,
    name,
    `${format.grade(from)} → ${format.grade(to)}`,
    format.grade(raw),
    score === null ? '—' : format.number(score),
    format.points(value),
  ]);
  const title = texts.movers(format.number(movers.length), format.number(moving.customers));
  return `${title}\n${printTable(columns, rows)}`;
};
