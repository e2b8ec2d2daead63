import type { Language } from '../../../shared/domain/message.ts';

/** How numbers of a fit are shown to a person. */
export interface Figures {
  readonly count: (value: number) => string;
  /** Whole from a hundred on, two decimals below. */
  readonly amount: (value: number) => string;
  /** Three decimals. */
  readonly decimal: (value: number) => string;
  /** Four significant digits. */
  readonly parameter: (value: number) => string;
  /** Of a share of 1, e.g. 88 %. */
  readonly percent: (share: number) => string;
}

const locales = { en: 'en-US', zh: 'zh-CN' } as const;

export const figuresIn = (language: Language): Figures => {
  const format = (options: Intl.NumberFormatOptions): ((value: number) => string) => {
    const { format: write } = new Intl.NumberFormat(locales[language], options);
    return (value) => write(value);
  };
  const whole = format({ maximumFractionDigits: 0 });
  const cents = format({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return {
    count: whole,
    amount: (value) => (Math.abs(value) >= 100 ? whole(value) : cents(value)),
    decimal: format({ minimumFractionDigits: 3, maximumFractionDigits: 3 }),
    parameter: format({ maximumSignificantDigits: 4 }),
    percent: (share) => `${whole(share * 100)} %`,
  };
};
