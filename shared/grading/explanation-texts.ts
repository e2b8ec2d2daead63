import type { Language } from '../domain/message.ts';
import { parseDuration } from './duration.ts';

/** The words of explanations in one language. */
export interface ExplanationTexts {
  readonly locale: string;
  readonly dateStyle: 'medium' | 'long';
  within(title: string, window: string): string;
  value(subject: string, value: string): string;
  unknown(subject: string): string;
  points(told: string, points: string, capped: boolean): string;
  /** A reason with what it is beside the baseline; `more` is its size with its unit. */
  against(told: string, more: string, isMore: boolean, baseline: string): string;
  /** What reasons are told against. */
  average: string;
  cutOf(grade: string): string;
  capped(group: string, cap: string): string;
  pointsOf(points: string): string;
  guard(title: string): string;
  recordChanged(record: string): string;
  facts(types: readonly string[], record: string): string;
  timePassed(how: readonly string[]): string;
  countsOnly(title: string, window: string): string;
  fades(title: string, halfLife: string): string;
  grows(title: string): string;
  newModel(title: string, version: number): string;
  othersMoved: string;
  /** Scores at the cut; undefined: nobody was, or is, inside. */
  displaced(passed: number, from: string | undefined, to: string | undefined, grade: string | undefined): string;
  merged(customer: string): string;
  converted(customer: string): string;
  cameApart(customer: string): string;
  manual(by: string, why: string): string;
  labelled(grade: string, label: string): string;
}

/** “C 类” says C, “Cool” does not. */
const saysGrade = (label: string, grade: string): boolean =>
  label.startsWith(grade) && !/^[A-Za-z0-9]/.test(label.slice(grade.length));

/** Chinese sets a space after a Latin letter or a digit, and none after its own signs. */
export const spaced = (text: string): string => (/[\x21-\x7e]$/.test(text) ? `${text} ` : text);

const zh: ExplanationTexts = {
  locale: 'zh-CN',
  dateStyle: 'long',
  within: (title, window) => `近 ${window}${title}`,
  value: (subject, value) => `${subject} ${value}`,
  unknown: (subject) => `${subject}：未知`,
  points: (told, points, capped) => `${told}，得 ${points} 分${capped ? '（所在组已封顶）' : ''}`,
  against: (told, more, isMore, baseline) => `${told}（比${baseline}${isMore ? '高' : '低'} ${more}）`,
  average: '平均客户',
  cutOf: (grade) => ` ${spaced(grade)}的分界`,
  capped: (group, cap) => `“${group}”组已封顶：最多 ${cap} 分`,
  pointsOf: (points) => `${points} 分`,
  guard: (title) => `由规则决定：${title}`,
  recordChanged: (record) => `起因：记录 ${record} 有更新`,
  facts: (types, record) => `起因：${types.join('、')}（记录 ${record}）`,
  timePassed: (how) => `起因：时间推移，没有新的业务发生${how.length === 0 ? '' : `；${how.join('；')}`}`,
  countsOnly: (title, window) => `${title}只计近 ${window}`,
  fades: (title, halfLife) => `${title}每 ${halfLife}减半`,
  grows: (title) => `${title}逐日增加`,
  newModel: (title, version) => `起因：模型“${title}”启用第 ${version} 版`,
  othersMoved: '起因：其他客户的变动使分界移动',
  displaced: (passed, from, to, grade) =>
    `起因：${passed} 个其他客户越过分界` +
    (from === undefined || to === undefined
      ? ''
      : `；${grade === undefined ? '' : `${grade} 的`}分界由 ${from} 移到 ${to}`),
  merged: (customer) => `起因：与客户 ${customer} 合并`,
  converted: (customer) => `起因：线索已转化（${customer}）`,
  cameApart: (customer) => `起因：与客户 ${customer} 分开`,
  manual: (by, why) => `起因：${by} 手动操作（${why}）`,
  labelled: (grade, label) => (saysGrade(label, grade) ? label : `${grade}（${label}）`),
};

const en: ExplanationTexts = {
  locale: 'en-US',
  dateStyle: 'medium',
  within: (title, window) => `${title} in the last ${window}`,
  value: (subject, value) => `${subject} ${value}`,
  unknown: (subject) => `${subject}: unknown`,
  points: (told, points, capped) => `${told}: ${points} points${capped ? ' (its group is capped)' : ''}`,
  against: (told, more, isMore, baseline) => `${told} (${isMore ? '+' : '-'}${more} against ${baseline})`,
  average: 'the average customer',
  cutOf: (grade) => `the cut of ${grade}`,
  capped: (group, cap) => `The group ${group} is capped at ${cap} points`,
  pointsOf: (points) => points,
  guard: (title) => `Decided by the rule: ${title}`,
  recordChanged: (record) => `Cause: record ${record} was updated`,
  facts: (types, record) => `Cause: ${types.join(', ')} on record ${record}`,
  timePassed: (how) => `Cause: time passed and nothing new happened${how.length === 0 ? '' : `; ${how.join('; ')}`}`,
  countsOnly: (title, window) => `${title} counts the last ${window} only`,
  fades: (title, halfLife) => `${title} halves every ${halfLife}`,
  grows: (title) => `${title} grows day by day`,
  newModel: (title, version) => `Cause: version ${version} of the model “${title}” took over`,
  othersMoved: 'Cause: others moved, and the cut with them',
  displaced: (passed, from, to, grade) =>
    `Cause: ${passed} other${passed === 1 ? '' : 's'} passed` +
    (from === undefined || to === undefined
      ? ''
      : `; the cut${grade === undefined ? '' : ` of ${grade}`} moved from ${from} to ${to}`),
  merged: (customer) => `Cause: merged with ${customer}`,
  converted: (customer) => `Cause: the lead was converted (${customer})`,
  cameApart: (customer) => `Cause: no longer one with ${customer}`,
  manual: (by, why) => `Cause: ${by}, by hand: ${why}`,
  labelled: (grade, label) => (saysGrade(label, grade) ? label : `${grade} (${label})`),
};

export const explanationTexts: Readonly<Record<Language, ExplanationTexts>> = { zh, en };

const units = {
  en: {
    month: ['month', 'months'],
    day: ['day', 'days'],
    hour: ['hour', 'hours'],
    minute: ['minute', 'minutes'],
    second: ['second', 'seconds'],
  },
  zh: {
    month: ['个月', '个月'],
    day: ['天', '天'],
    hour: ['小时', '小时'],
    minute: ['分钟', '分钟'],
    second: ['秒', '秒'],
  },
} as const;

/** A duration in words: “365 days”, “3 个月”, “1 day 6 hours”. */
export const windowText = (duration: string, language: Language): string => {
  const { months, days, ms } = parseDuration(duration);
  const parts = [
    [months, 'month'],
    [days, 'day'],
    [Math.floor(ms / 3_600_000), 'hour'],
    [Math.floor(ms / 60_000) % 60, 'minute'],
    [Math.floor(ms / 1_000) % 60, 'second'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${units[language][unit][count === 1 ? 0 : 1]}`)
    .join(' ');
};
