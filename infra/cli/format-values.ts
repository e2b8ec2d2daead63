import type { GradeName } from '../../shared/domain/change.ts';
import type { Instant } from '../../shared/domain/instant.ts';
import type { Language } from '../../shared/domain/message.ts';

/** How instants and numbers are shown to a person. */
export interface ValueFormat {
  /** `2026-03-02 09:00:00` by the clock on the wall of the workspace's zone. */
  readonly instant: (at: Instant) => string;
  readonly number: (value: number) => string;
  /** Two decimals, always. */
  readonly points: (value: number) => string;
  readonly grade: (grade: GradeName) => string;
}

const locales = { en: 'en-US', zh: 'zh-CN' } as const;
const ungraded = { en: 'not graded', zh: '未分级' } as const;

export const valueFormat = (language: Language, timeZone: string): ValueFormat => {
  // the Swedish form is ISO's order, the same in every language
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const plain = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 3 });
  const points = new Intl.NumberFormat(locales[language], { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return {
    instant: (at) => clock.format(at),
    number: (value) => plain.format(value),
    points: (value) => points.format(value),
    grade: (grade) => grade ?? ungraded[language],
  };
};

/**
 * Rounds to hundredths so that the rounded values sum to the rounded total: those that lose most by rounding down get the
 * hundredths that are left (largest remainder).
 */
export const roundToSum = (
  values: readonly number[],
): { readonly values: readonly number[]; readonly total: number } => {
  // adding 0 turns a rounded -0 into 0
  const total = Math.round(values.reduce((sum, value) => sum + value, 0) * 100) + 0;
  const floors = values.map((value) => Math.floor(value * 100 + 1e-7));
  const left = total - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = values
    .map((value, index) => ({ index, remainder: value * 100 - (floors[index] ?? 0) }))
    .sort((a, b) => b.remainder - a.remainder);
  const raised = new Set(byRemainder.slice(0, Math.max(0, left)).map(({ index }) => index));
  return { values: floors.map((floor, index) => (floor + (raised.has(index) ? 1 : 0)) / 100), total: total / 100 };
};
