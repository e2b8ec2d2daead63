import type { Text } from './text.ts';

const sources = {
  attribute: { en: 'an attribute', zh: '属性' },
  model: { en: "a fitted model's value", zh: '拟合模型的值' },
} as const;

/** What is said about a signal that cannot work. */
export const signalFaultTexts = {
  misplaced: (key: string, source: keyof typeof sources): Text => ({
    en: `${key} belongs to signals from events; ${sources[source].en} is taken as it is`,
    zh: `${key} 只用于来自事件的信号；${sources[source].zh}按原样读取，请删除此项`,
  }),
  noAgg: {
    en: 'an event signal needs agg, e.g. agg: sum',
    zh: '来自事件的信号需要 agg，例如 agg: sum',
  },
  windowAndDecay: {
    en: 'window and decay together are not possible: choose one',
    zh: 'window 和 decay 不能同时使用：请二选一',
  },
  decayNeedsSum: { en: 'decay goes with agg: sum or count', zh: 'decay 只能与 agg: sum 或 count 一起使用' },
  decayInMonths: {
    en: 'a half-life is a fixed time: write days, e.g. P30D instead of P1M',
    zh: '半衰期是固定时长：请写天数，例如用 P30D 代替 P1M',
  },
  horizonInMonths: {
    en: 'a horizon is a fixed time: write days or weeks, e.g. P365D',
    zh: '预测期是固定时长：请写天数或周数，例如 P365D',
  },
  noValue: (agg: string): Text => ({
    en: `agg ${agg} needs a value, e.g. value: { path: amount }`,
    zh: `agg ${agg} 需要 value，例如 value: { path: amount }`,
  }),
  needlessValue: (agg: string): Text => ({
    en: `agg ${agg} reads no value; remove it or use agg: sum`,
    zh: `agg ${agg} 不读取数值：请删除 value，或改用 agg: sum`,
  }),
  foreignEvent: (type: string): Text => ({
    en: `${type} is not among the events of this signal`,
    zh: `${type} 不在此信号的 events 之中`,
  }),
  pointsNeedSum: (agg: string): Text => ({
    en: `points per event go with agg: sum, not ${agg}`,
    zh: `perEvent 只能与 agg: sum 一起使用，不能用 ${agg}`,
  }),
  noPoints: (type: string): Text => ({
    en: `say how many points ${type} gives`,
    zh: `请写明 ${type} 计多少分`,
  }),
  eventTwice: (type: string): Text => ({ en: `${type} is named twice`, zh: `${type} 写了两次` }),
  distinctNeedsSum: {
    en: 'distinctBy goes with agg: sum or count',
    zh: 'distinctBy 只能与 agg: sum 或 count 一起使用',
  },
  instantMonths: {
    en: 'months and years follow the calendar: add align: day, or write days',
    zh: '月和年依日历而定：请加 align: day，或改写天数',
  },
  wholeDays: {
    en: 'a window aligned to the day covers whole days, e.g. P30D or P3M',
    zh: '按天对齐的窗口须为整天，例如 P30D 或 P3M',
  },
  wholeWeeks: {
    en: 'a window aligned to the week covers whole weeks, e.g. P4W',
    zh: '按周对齐的窗口须为整周，例如 P4W',
  },
  wholeMonths: {
    en: 'a window aligned to the month covers whole months, e.g. P3M',
    zh: '按月对齐的窗口须为整月，例如 P3M',
  },
} as const;
