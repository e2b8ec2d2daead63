import { dateFormatter } from './formatters.ts';
import type { Instant } from './instant.ts';
import type { Language } from './message.ts';

/** What was said of one alarm, once. */
export interface AlarmWord {
  /** Of the message: the same however often it is told. */
  readonly message: string;
  readonly name: string;
  /** `other`: neither begun nor over, or no alarm at all. */
  readonly state: 'on' | 'over' | 'other';
  /** What is the matter and what to do, then why it is thought so. */
  readonly says: readonly string[];
  readonly at: Instant;
}

export interface AlarmWording {
  readonly language: Language;
  /** IANA name. */
  readonly timezone: string;
}

/** Title and text for people. */
export const sayAlarm = (
  { name, state, says, at }: AlarmWord,
  { language, timezone }: AlarmWording,
): { readonly title: string; readonly text: string } => {
  const texts = byLanguage[language];
  // the Swedish form is ISO's order, the same in every language
  const when = dateFormatter('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
  return {
    title: texts[state](name === '' ? texts.notice : name),
    text: [...says, texts.since(when, timezone)].join('\n\n'),
  };
};

const byLanguage = {
  en: {
    notice: 'notice',
    on: (name: string) => `Alarm: ${name}`,
    over: (name: string) => `Over: ${name}`,
    other: (name: string) => `Regrade: ${name}`,
    since: (when: string, zone: string) => `${when} (${zone})`,
  },
  zh: {
    notice: '通知',
    on: (name: string) => `告警：${name}`,
    over: (name: string) => `已解除：${name}`,
    other: (name: string) => `Regrade：${name}`,
    since: (when: string, zone: string) => `${when}（${zone}）`,
  },
} as const;
