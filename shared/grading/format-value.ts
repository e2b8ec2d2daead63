import type { Scalar } from '../domain/fact.ts';
import { numberFormatter } from '../domain/formatters.ts';
import type { Language } from '../domain/message.ts';
import { explanationTexts, windowText } from './explanation-texts.ts';
import type { Signal } from './signal.ts';

/** A signal's value as people write it: money with its currency, day counts in days, text as it is. */
export const formatValue = (value: Scalar, signal: Signal, currency: string, language: Language): string => {
  if (typeof value !== 'number') return String(value);
  if (isMoney(signal)) return `${moneyText(value, currency, language)} ${currency}`;
  const countsDays = signal.agg === 'daysSinceLast' || signal.agg === 'daysSinceFirst';
  return countsDays && value > 0 ? windowText(`P${value}D`, language) : numberText(value, language);
};

const isMoney = ({ value, agg }: Signal): boolean =>
  value !== undefined && 'path' in value && !value.path.startsWith('fields.') && agg !== 'distinct';

/** With the currency's usual decimals. */
const moneyText = (amount: number, currency: string, language: Language): string => {
  const { locale } = explanationTexts[language];
  const usual = numberFormatter(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return numberFormatter(locale, { minimumFractionDigits: usual, maximumFractionDigits: usual }).format(amount);
};

/** Up to two decimals. */
export const numberText = (value: number, language: Language): string =>
  numberFormatter(explanationTexts[language].locale, { maximumFractionDigits: 2 }).format(value);
