import type { GradeName } from '../domain/change.ts';
import type { Language } from '../domain/message.ts';
import { type ExplanationTexts, explanationTexts } from './explanation-texts.ts';
import { formatValue, numberText } from './format-value.ts';
import type { Model } from './model.ts';

/** Whom sentences are for, and the model whose titles they use. */
export interface Reader {
  readonly model: Model;
  readonly language: Language;
  /** Of dates: an IANA name. */
  readonly timezone: string;
  readonly texts: ExplanationTexts;
}

export const readerOf = (model: Model, language: Language, timezone: string): Reader => ({
  model,
  language,
  timezone,
  texts: explanationTexts[language],
});

export const titleOf = (factor: string, { model, language }: Reader): string =>
  model.signals[factor]?.title?.[language] ?? factor;

export const guardTitle = (id: string, { model, language }: Reader): string =>
  model.guards.find((guard) => guard.id === id)?.title?.[language] ?? id;

export const groupTitle = (group: string, { model: { score }, language }: Reader): string =>
  (score.combine === 'single' ? undefined : score.groups[group]?.title?.[language]) ?? group;

/** E.g. “B (Growth)”; a label that begins with the grade's name says both. */
export const gradeText = (grade: NonNullable<GradeName>, { model, language, texts }: Reader): string => {
  const label = model.grades.find(({ id }) => id === grade)?.label[language];
  return label === undefined || label === grade ? grade : texts.labelled(grade, label);
};

/** A score as people know it: where one signal is the score, its value with its unit. */
export const scoreText = (score: number, { model, language }: Reader): string => {
  const signal = model.score.combine === 'single' ? model.signals[model.score.signal] : undefined;
  return signal === undefined ? numberText(score, language) : formatValue(score, signal, model.currency, language);
};
