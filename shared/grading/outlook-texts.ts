import type { Language } from '../domain/message.ts';
import type { Supposition } from '../domain/reasons.ts';
import { spaced } from './explanation-texts.ts';

type Relation = Extract<Supposition, { if: 'value' }>['is'];

/** What would have to be, in words. */
export interface Supposing {
  /** `name` is the fact in the plural where there are several. */
  facts(count: number, name: string): string;
  amount(title: string, amount: string, isMore: boolean): string;
  without(title: string): string;
  value(title: string, is: Relation, value: string): string;
}

/** The words for what may come, in one language. */
export interface OutlookTexts {
  margin(points: string): string;
  places(count: number): string;
  /** `isNow`: the cut moves as others do. */
  short(margin: string, grade: string, enter: string, isNow: boolean): string;
  spare(margin: string, grade: string, leave: string, isAgain: boolean): string;
  cell(axis: string, by: 'more' | 'fewer', margin: string, cell: string, grade: string): string;
  plus: string;
  supposing: Supposing;
  brings(supposed: string, grade: string, direction: 'up' | 'down'): string;
  inDays(days: number, date: string): string;
  comes(grade: string, when: string): string;
  comesAfter(grade: string, when: string): string;
  leaves(when: string): string;
  waited(told: string, dwell: string): string;
  byGuard(told: string, guard: string): string;
}

const zh: OutlookTexts = {
  margin: (points) => `${points} 分`,
  places: (count) => `（${count} 位）`,
  short: (margin, grade, enter, isNow) => `距 ${spaced(grade)}还差 ${margin}（${isNow ? '目前 ' : ''}${enter} 起）`,
  spare: (margin, grade, leave, isAgain) => `高出分界 ${margin}；低于 ${leave} 将${isAgain ? '重回' : '降为'} ${grade}`,
  cell: (axis, by, margin, cell, grade) =>
    by === 'more'
      ? `“${axis}”再得 ${margin}即为 ${cell}：${grade}`
      : `“${axis}”减少超过 ${margin}即为 ${cell}：${grade}`,
  plus: ' + ',
  supposing: {
    facts: (count, name) => `今天再有 ${count} 次${name}`,
    amount: (title, amount, isMore) => `${spaced(title)}${isMore ? '再增加' : '减少'} ${amount}`,
    without: (title) => `若没有任何${title}，`,
    value: (title, is, value) =>
      `${spaced(title)}${{ atLeast: '达到', atMost: '不超过', below: '低于', equal: '为' }[is]} ${value}`,
  },
  brings: (supposed, grade, direction) => `${spaced(supposed)}${direction === 'up' ? '即可达到' : '将变为'} ${grade}`,
  inDays: (days, date) => `${days === 0 ? '今天' : `${days} 天后`}（${date}）`,
  comes: (grade, when) => `如无新变化：${when}变为 ${grade}`,
  comesAfter: (grade, when) => `随后：${when}变为 ${grade}`,
  leaves: (when) => `如无新变化：${when}起不再评级`,
  waited: (told, dwell) => `${told}，须持续 ${dwell}才生效`,
  byGuard: (told, guard) => `${told}（规则：${guard}）`,
};

const en: OutlookTexts = {
  margin: (points) => `${points} ${points === '1' ? 'point' : 'points'}`,
  places: (count) => ` (${count} ${count === 1 ? 'place' : 'places'})`,
  short: (margin, grade, enter, isNow) => `${margin} short of ${grade} (from ${enter}${isNow ? ' as of now' : ''})`,
  spare: (margin, grade, leave, isAgain) =>
    `${margin} above the cut; ${grade}${isAgain ? ' again' : ''} below ${leave}`,
  cell: (axis, by, margin, cell, grade) =>
    by === 'more'
      ? `${margin} more for ${axis} would make it ${cell}: ${grade}`
      : `Losing more than ${margin} of ${axis} would make it ${cell}: ${grade}`,
  plus: ' + ',
  supposing: {
    facts: (count, name) => `${count === 1 ? 'One' : count} more ${name} today`,
    amount: (title, amount, isMore) => `${amount} ${isMore ? 'more' : 'less'} in ${title}`,
    without: (title) => `The absence of all ${title}`,
    value: (title, is, value) =>
      is === 'equal'
        ? `${title} ${value}`
        : is === 'below'
          ? `${title} below ${value}`
          : `${title} at ${value} or ${is === 'atLeast' ? 'more' : 'less'}`,
  },
  brings: (supposed, grade, direction) => `${supposed} would bring it ${direction === 'up' ? '' : 'down '}to ${grade}`,
  inDays: (days, date) => `${days === 0 ? 'today' : `in ${days} ${days === 1 ? 'day' : 'days'}`} (${date})`,
  comes: (grade, when) => `If nothing happens: ${grade} ${when}`,
  comesAfter: (grade, when) => `Then: ${grade} ${when}`,
  leaves: (when) => `If nothing happens: no longer graded ${when}`,
  waited: (told, dwell) => `${told}, once that has lasted ${dwell}`,
  byGuard: (told, guard) => `${told}, by the rule ${guard}`,
};

export const outlookTexts: Readonly<Record<Language, OutlookTexts>> = { zh, en };
