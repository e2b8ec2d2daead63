import * as z from 'zod';
import type { GradeChange, GradeName } from './change.ts';
import { dateFormatter } from './formatters.ts';
import type { Instant } from './instant.ts';

export type Language = 'zh' | 'en';

/** What stands for a value that is not there. */
const missing = '—';

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;
const plainNames = ['name', 'customer', 'from', 'to', 'score', 'reasons', 'next', 'link'] as const;
type PlainName = (typeof plainNames)[number];

const isKnown = (name: string): boolean => plainNames.includes(name as PlainName) || /^attributes\.[^.\s]+$/.test(name);

/** A text with placeholders such as `{{name}}` or `{{attributes.region}}`. No logic; an unknown placeholder is refused. */
export const Template = z
  .string()
  .trim()
  .min(1, 'write a text')
  .max(4_000, 'at most 4000 characters')
  .superRefine((text, context) => {
    const known = `${plainNames.join(', ')} or attributes.<name>`;
    for (const [whole, name = ''] of text.matchAll(placeholder))
      if (!isKnown(name)) context.addIssue({ code: 'custom', message: `${whole} is unknown: use ${known}` });
    if (/\{\{|\}\}/.test(text.replace(placeholder, '')))
      context.addIssue({ code: 'custom', message: 'a placeholder is written {{name}}: a brace is missing' });
  });

/** One text in the languages the product speaks. */
export const Texts = z.strictObject({ zh: Template, en: Template });
export type Texts = Readonly<z.infer<typeof Texts>>;

/** What the company's texts need to know beyond the change itself. */
export interface Wording {
  readonly language: Language;
  /** IANA name; dates in texts are this zone's. */
  readonly timezone: string;
  /** Sentences a salesperson reads, most important first. */
  readonly reasons: (change: GradeChange, language: Language) => readonly string[];
  /** Where a person opens the customer; undefined where nobody knows. */
  readonly link: (change: GradeChange) => string | undefined;
}

/** The values of one announcement: `change.from` is what was announced last, which a settle window may have put further back. */
export interface MessageValues {
  readonly plain: Readonly<Record<PlainName, string | undefined>>;
  readonly attributes: GradeChange['attributes'];
  readonly reasons: readonly string[];
}

/** Collects once what every text of an announcement may name. */
export const messageValues = (change: GradeChange, wording: Wording): MessageValues => {
  const reasons = wording.reasons(change, wording.language);
  const name = change.attributes['name'];
  return {
    reasons,
    attributes: change.attributes,
    plain: {
      name: name === undefined ? change.customer : String(name),
      customer: change.customer,
      from: change.from ?? undefined,
      to: change.to ?? undefined,
      score: change.score === null ? undefined : String(Math.round(change.score * 10) / 10),
      reasons: reasons.length === 0 ? undefined : reasons.join('\n'),
      next: change.next === undefined ? undefined : nextText(change.next, wording),
      link: wording.link(change),
    },
  };
};

const nextText = ({ at, to }: { at: Instant; to: GradeName }, { language, timezone }: Wording): string => {
  const day = localDate(at, timezone);
  return language === 'zh' ? `${day} 变为${to ?? '未分级'}` : `${to ?? 'not graded'} on ${day}`;
};

/** Fills a text in. Values are put in as they are and never read as templates again. */
export const renderText = (text: string, { plain, attributes }: MessageValues): string =>
  text.replace(placeholder, (_, name: string) => {
    const value = name.startsWith('attributes.')
      ? attributes[name.slice('attributes.'.length)]
      : plain[name as PlainName];
    return value === undefined || value === '' ? missing : String(value);
  });

/** The calendar day of an instant in a zone, YYYY-MM-DD, a number of days later. */
export const localDate = (at: Instant, timezone: string, daysLater = 0): string => {
  const parts = dateFormatter('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const day = Date.UTC(part('year'), part('month') - 1, part('day') + daysLater);
  return new Date(day).toISOString().slice(0, 10);
};
