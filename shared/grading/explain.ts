import type { GradeChange, WeighedContribution } from '../domain/change.ts';
import type { Language } from '../domain/message.ts';
import type { Reasons } from '../domain/reasons.ts';
import { windowText } from './explanation-texts.ts';
import { formatValue, numberText } from './format-value.ts';
import type { Model } from './model.ts';
import { type Outlook, outlookOf } from './outlook.ts';
import { groupTitle, guardTitle, type Reader, readerOf, scoreText, titleOf } from './reader.ts';

/** What the sentences are about; a whole {@link GradeChange} will do. */
export type ExplainedChange = Pick<
  GradeChange,
  'at' | 'from' | 'to' | 'model' | 'cause' | 'contributions' | 'guard' | 'reasons' | 'next'
>;

/** So many sentences an alert may have before nobody reads it. */
const mostSentences = 6;

/**
 * Sentences a salesperson reads: what caused the change, which guard decided, the `explain.top` largest reasons, how far the cuts
 * are, what would bring another grade, and what comes if nothing happens. At most six: where there are more, the cause, the guard,
 * the largest reasons and what comes next stay. `timezone` is the reader's; numbers and dates follow the language.
 */
export const reasonSentences = (
  change: ExplainedChange,
  model: Model,
  language: Language,
  timezone: string,
): string[] => {
  const reader = readerOf(model, language, timezone);
  const { guard, reasons } = change;
  const cause = causeSentence(change, reader);
  if (change.to === null) return [cause, ...outlookOf(change, reader).projection.slice(0, 1)];
  const outlook = outlookOf(change, reader);
  const sentences: Ordered[] = [
    { text: cause, order: 0 },
    ...(guard === undefined ? [] : [{ text: reader.texts.guard(guardTitle(guard, reader)), order: 1 }]),
    ...topReasons(change, reader).map((text, i) => ({ text, order: reasonOrders[i] ?? 8 })),
    ...capSentences(reasons, reader).map((text) => ({ text, order: 9 })),
    ...firstOf(outlook),
  ];
  const last = [...sentences].sort((a, b) => a.order - b.order).slice(0, mostSentences);
  return sentences.filter((sentence) => last.includes(sentence)).map(({ text }) => text);
};

/** A sentence in its place; the lowest orders stay where there are too many. */
interface Ordered {
  readonly text: string;
  readonly order: number;
}

const reasonOrders = [2, 4, 6];

const firstOf = ({ distance, counterfactuals, projection }: Outlook): readonly Ordered[] => [
  ...distance.slice(0, 1).map((text) => ({ text, order: 7 })),
  ...counterfactuals.slice(0, 1).map((text) => ({ text, order: 5 })),
  ...projection.slice(0, 1).map((text) => ({ text, order: 3 })),
];

/** The groups that gave all they may, e.g. “The group Interaction is capped at 15 points”. */
export const capSentences = (reasons: Reasons | undefined, reader: Reader): readonly string[] =>
  (reasons?.caps ?? []).map(({ group, cap }) =>
    reader.texts.capped(groupTitle(group, reader), numberText(cap, reader.language)),
  );

/** The largest against the baseline first. */
const topReasons = ({ contributions, reasons }: ExplainedChange, reader: Reader): readonly string[] => {
  const size = ({ phi, points }: WeighedContribution): number => Math.abs(phi ?? points);
  return [...contributions]
    .sort((a, b) => size(b) - size(a))
    .slice(0, reader.model.explain.top)
    .map((contribution) => contributionSentence(contribution, reasons, reader));
};

/** E.g. “Need confirmed: 12 points (+7.2 against the average customer)”. */
const contributionSentence = (
  { factor, group, value, points, capped, phi }: WeighedContribution,
  reasons: Reasons | undefined,
  reader: Reader,
): string => {
  const { model, language, texts } = reader;
  const subject = subjectOf(factor, reader);
  const signal = model.signals[factor];
  const told =
    value === undefined || signal === undefined
      ? texts.unknown(subject)
      : texts.value(subject, formatValue(value, signal, model.currency, language));
  const isNamed = reasons?.caps.some((cap) => cap.group === group) === true;
  // where the signal is the score, its points would only say the value again
  const worth =
    model.score.combine === 'single'
      ? told
      : texts.points(told, numberText(points, language), capped === true && !isNamed);
  return phi === undefined || reasons === undefined ? worth : againstBaseline(worth, phi, reasons, reader);
};

/** Half a hundredth is the least that a reader would see. */
const leastSeen = 0.005;

const againstBaseline = (told: string, phi: number, { baseline }: Reasons, reader: Reader): string => {
  const { texts, model } = reader;
  if (baseline.kind === 'zero' || Math.abs(phi) < leastSeen) return told;
  const size = scoreText(Math.abs(phi), reader);
  const more = model.score.combine === 'single' ? size : texts.pointsOf(size);
  const name = baseline.grade === undefined ? texts.average : texts.cutOf(baseline.grade);
  return texts.against(told, more, phi > 0, name);
};

/** The signal's title with the time it looks at. */
const subjectOf = (factor: string, reader: Reader): string => {
  const { window } = reader.model.signals[factor] ?? {};
  const title = titleOf(factor, reader);
  if (window === undefined || !('last' in window)) return title;
  return reader.texts.within(title, windowText(window.last, reader.language));
};

const causeSentence = ({ cause, model, contributions, reasons }: ExplainedChange, reader: Reader): string => {
  const { texts } = reader;
  switch (cause.type) {
    case 'event':
      return cause.facts.length === 0 ? texts.recordChanged(cause.record) : texts.facts(cause.facts, cause.record);
    case 'timer':
      return texts.timePassed(contributions.flatMap(({ factor }) => passing(factor, reader)).slice(0, 2));
    case 'model':
      return texts.newModel(reader.model.title[reader.language], model.version);
    case 'displaced':
      return displacedSentence(cause, reasons, reader);
    case 'merge':
      return cause.undone === true ? texts.cameApart(cause.customer) : texts.merged(cause.customer);
    case 'converted':
      return cause.undone === true ? texts.cameApart(cause.customer) : texts.converted(cause.customer);
    case 'manual':
      return texts.manual(cause.by, cause.why);
  }
};

/** E.g. “3 others passed; the cut of A moved from 1,980 to 2,002”. */
const displacedSentence = (
  { displacement }: Extract<GradeChange['cause'], { type: 'displaced' }>,
  reasons: Reasons | undefined,
  reader: Reader,
): string => {
  const { texts } = reader;
  const told = (score: number | null): string | undefined => (score === null ? undefined : scoreText(score, reader));
  const moved = reasons?.displaced;
  // without reasons the numbers are those of rank keys: of days and of decayed sums no reader knows them
  if (moved === undefined)
    return displacement === undefined
      ? texts.othersMoved
      : texts.displaced(displacement.passed, undefined, undefined, undefined);
  return texts.displaced(moved.passed, told(moved.from), told(moved.to), moved.grade);
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
