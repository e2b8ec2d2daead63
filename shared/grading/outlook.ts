import type { GradeChange } from '../domain/change.ts';
import { dateFormatter } from '../domain/formatters.ts';
import type { Instant } from '../domain/instant.ts';
import { localDate } from '../domain/message.ts';
import type { Counterfactual, Distance, NextCell, ProjectedStep, Reasons, Supposition } from '../domain/reasons.ts';
import { groupsOf } from './cells-next-to.ts';
import { areRelative } from './cutoffs-shape.ts';
import { msPerDay } from './duration.ts';
import { windowText } from './explanation-texts.ts';
import { factName } from './fact-names.ts';
import { formatValue } from './format-value.ts';
import { type OutlookTexts, outlookTexts } from './outlook-texts.ts';
import { gradeText, groupTitle, guardTitle, type Reader, scoreText, titleOf } from './reader.ts';

/** The decision that the outlook is of. */
export interface LookedFrom extends Pick<GradeChange, 'at' | 'to' | 'guard' | 'next'> {
  /** The grade before, where there was a change. */
  readonly from?: GradeChange['from'] | undefined;
  readonly reasons?: Reasons | undefined;
}

/** Sentences about what is not so yet; every list with what matters most first. */
export interface Outlook {
  /** How far the cuts are away. None where a guard decided: cuts do not tell the grade then. */
  readonly distance: readonly string[];
  /** What would bring another grade. */
  readonly counterfactuals: readonly string[];
  /** What comes if nothing happens. */
  readonly projection: readonly string[];
}

export const outlookOf = (change: LookedFrom, reader: Reader): Outlook => {
  const { reasons } = change;
  const words: Words = { reader, texts: outlookTexts[reader.language] };
  return {
    distance:
      reasons === undefined || change.guard !== undefined ? [] : distanceSentences(reasons.distance, change, words),
    counterfactuals: (reasons?.counterfactuals ?? []).map((one) => counterfactualSentence(one, words)),
    projection: projectionSentences(change, words),
  };
};

interface Words {
  readonly reader: Reader;
  readonly texts: OutlookTexts;
}

/** E.g. “2.2 points short of A (from 70)”, “5.82 points above the cut; B again below 67”. */
const distanceSentences = (
  { better, below, cells = [] }: Distance,
  { from, to }: LookedFrom,
  { reader, texts }: Words,
): readonly string[] => {
  const isNow = areRelative(reader.model.cutoffs);
  const marginText = (margin: number, places: number | undefined): string => {
    const score = scoreText(margin, reader);
    const told = reader.model.score.combine === 'single' ? score : texts.margin(score);
    return places === undefined ? told : `${told}${texts.places(places)}`;
  };
  return [
    ...(better === undefined
      ? []
      : [
          texts.short(
            marginText(better.margin, better.places),
            gradeText(better.grade, reader),
            scoreText(better.enter, reader),
            isNow,
          ),
        ]),
    ...(below === undefined
      ? []
      : [
          texts.spare(
            marginText(below.margin, below.places),
            gradeText(below.grade, reader),
            scoreText(below.leave, reader),
            below.grade === from,
          ),
        ]),
    ...cells.filter(({ grade }) => grade !== to).map((cell) => cellSentence(cell, { reader, texts })),
  ];
};

const cellSentence = ({ axis, by, margin, cell, grade }: NextCell, { reader, texts }: Words): string => {
  const { cutoffs } = reader.model;
  const groups = cutoffs.method === 'matrix' ? groupsOf(axis === 'row' ? cutoffs.rows : cutoffs.cols) : [];
  const title = groups.map((group) => groupTitle(group, reader)).join(texts.plus);
  return texts.cell(title, by, texts.margin(scoreText(margin, reader)), cell, gradeText(grade, reader));
};

const counterfactualSentence = ({ suppose, grade, direction }: Counterfactual, words: Words): string =>
  words.texts.brings(supposingText(suppose, words), gradeText(grade, words.reader), direction);

const supposingText = (suppose: Supposition, { reader, texts: { supposing } }: Words): string => {
  const { model, language } = reader;
  if (suppose.if === 'fact') return supposing.facts(suppose.count, factName(suppose.type, suppose.count, language));
  const title = titleOf(suppose.factor, reader);
  if (suppose.if === 'without') return supposing.without(title);
  const signal = model.signals[suppose.factor];
  const told = (value: string | number | boolean): string =>
    signal === undefined ? String(value) : formatValue(value, signal, model.currency, language);
  return suppose.if === 'amount'
    ? supposing.amount(title, told(Math.abs(suppose.amount)), suppose.amount > 0)
    : supposing.value(title, suppose.is, told(suppose.value));
};

/** Every other grade to come; of a change that has no reasons, or whose first steps keep the grade, the next one. */
const projectionSentences = ({ at, to, next, reasons }: LookedFrom, words: Words): readonly string[] => {
  if (!words.reader.model.explain.projection) return [];
  let grade = to;
  const changes = (reasons?.projection ?? []).filter((step) => {
    const differs = step.to !== grade;
    grade = step.to;
    return differs;
  });
  if (changes.length > 0) return changes.map((step, i) => stepSentence(step, at, i > 0, words));
  return next === undefined || next.to === to ? [] : [stepSentence(next, at, false, words)];
};

type Step = Pick<ProjectedStep, 'at' | 'to' | 'guard' | 'waited'>;

const stepSentence = (step: Step, now: Instant, isLater: boolean, { reader, texts }: Words): string => {
  const when = whenText(step.at, now, { reader, texts });
  if (step.to === null) return texts.leaves(when);
  const told = (isLater ? texts.comesAfter : texts.comes)(gradeText(step.to, reader), when);
  const lasted = step.waited === undefined ? told : texts.waited(told, windowText(step.waited.dwell, reader.language));
  return step.guard === undefined ? lasted : texts.byGuard(lasted, guardTitle(step.guard, reader));
};

/** In days of the reader's calendar. */
const whenText = (at: Instant, now: Instant, { reader, texts }: Words): string => {
  const { timezone } = reader;
  const { locale, dateStyle } = reader.texts;
  const days = (Date.parse(localDate(at, timezone)) - Date.parse(localDate(now, timezone))) / msPerDay;
  return texts.inDays(days, dateFormatter(locale, { dateStyle, timeZone: timezone }).format(at));
};
