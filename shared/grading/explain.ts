import type { Contribution, GradeChange, GradeName } from '../domain/change.ts';
import { dateFormatter } from '../domain/formatters.ts';
import type { Language } from '../domain/message.ts';
import { type ExplanationTexts, explanationTexts, windowText } from './explanation-texts.ts';
import { formatValue, numberText } from './format-value.ts';
import type { Model } from './model.ts';

/** What the sentences are about; a whole {@link GradeChange} will do. */
export type ExplainedChange = Pick<GradeChange, 'to' | 'model' | 'cause' | 'contributions' | 'guard' | 'next'>;

/**
 * Sentences a salesperson reads: what caused the change, which guard decided, the `explain.top` largest reasons, and
 * what comes next if nothing happens. `timezone` is the reader's; numbers and dates follow the language.
 */
export const reasonSentences = (
  change: ExplainedChange,
  model: Model,
  language: Language,
  timezone: string,
): string[] => {
  const reader: Reader = { model, language, texts: explanationTexts[language] };
  const { contributions, guard, next } = change;
  const known = change.to === null ? [] : contributions.slice(0, model.explain.top);
  return [
    causeSentence(change, reader),
    ...(guard === undefined ? [] : [reader.texts.guard(guardTitle(guard, reader))]),
    ...known.map((contribution) => contributionSentence(contribution, reader)),
    ...(next === undefined || next.to === change.to ? [] : [nextSentence(next, reader, timezone)]),
  ];
};

interface Reader {
  readonly model: Model;
  readonly language: Language;
  readonly texts: ExplanationTexts;
}

/** E.g. “Sales in the last 365 days 12,340.50 GBP: 38 points”. */
const contributionSentence = ({ factor, value, points, capped }: Contribution, reader: Reader): string => {
  const { model, language, texts } = reader;
  const subject = subjectOf(factor, reader);
  const signal = model.signals[factor];
  const told =
    value === undefined || signal === undefined
      ? texts.unknown(subject)
      : texts.value(subject, formatValue(value, signal, model.currency, language));
  // where the signal is the score, its points would only say the value again
  if (model.score.combine === 'single') return told;
  return texts.points(told, numberText(points, language), capped === true);
};

const titleOf = (factor: string, { model, language }: Reader): string =>
  model.signals[factor]?.title?.[language] ?? factor;

/** The signal's title with the time it looks at. */
const subjectOf = (factor: string, reader: Reader): string => {
  const { window } = reader.model.signals[factor] ?? {};
  const title = titleOf(factor, reader);
  if (window === undefined || !('last' in window)) return title;
  return reader.texts.within(title, windowText(window.last, reader.language));
};

const guardTitle = (id: string, { model, language }: Reader): string =>
  model.guards.find((guard) => guard.id === id)?.title?.[language] ?? id;

const causeSentence = ({ cause, model, contributions }: ExplainedChange, reader: Reader): string => {
  const { texts } = reader;
  switch (cause.type) {
    case 'event':
      return cause.facts.length === 0 ? texts.recordChanged(cause.record) : texts.facts(cause.facts, cause.record);
    case 'timer':
      return texts.timePassed(contributions.flatMap(({ factor }) => passing(factor, reader)).slice(0, 2));
    case 'model':
      return texts.newModel(reader.model.title[reader.language], model.version);
    case 'displaced':
      return displacedSentence(cause, reader);
    case 'merge':
      return texts.merged(cause.customer);
    case 'converted':
      return texts.converted(cause.customer);
    case 'manual':
      return texts.manual(cause.by, cause.why);
  }
};

/** E.g. “3 others passed; the cut of A moved from 1,980 to 2,002”. */
const displacedSentence = (
  { displacement }: Extract<GradeChange['cause'], { type: 'displaced' }>,
  { texts, language }: Reader,
): string => {
  if (displacement === undefined) return texts.othersMoved;
  const { from, to, passed } = displacement;
  const told = (score: number | null): string | undefined => (score === null ? undefined : numberText(score, language));
  return texts.displaced(passed, told(from), told(to));
};

/** How time works on a signal; nothing for one that does not move by itself. */
const passing = (factor: string, reader: Reader): string[] => {
  const { texts, language } = reader;
  const { window, decay, agg } = reader.model.signals[factor] ?? {};
  const title = titleOf(factor, reader);
  if (decay !== undefined) return [texts.fades(title, windowText(decay.halfLife, language))];
  if (window !== undefined && 'last' in window) return [texts.countsOnly(title, windowText(window.last, language))];
  return agg === 'daysSinceLast' || agg === 'daysSinceFirst' ? [texts.grows(title)] : [];
};

type Next = NonNullable<GradeChange['next']>;

const nextSentence = ({ at, to }: Next, { model, language, texts }: Reader, timezone: string): string => {
  const date = dateFormatter(texts.locale, { dateStyle: texts.dateStyle, timeZone: timezone }).format(at);
  return to === null ? texts.leaves(date) : texts.next(gradeText(to, model, language, texts), date);
};

const gradeText = (
  grade: NonNullable<GradeName>,
  { grades }: Model,
  language: Language,
  texts: ExplanationTexts,
): string => {
  const label = grades.find(({ id }) => id === grade)?.label[language];
  return label === undefined || label === grade ? grade : texts.labelled(grade, label);
};
