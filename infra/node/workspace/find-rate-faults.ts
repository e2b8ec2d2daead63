import type { Workspace } from '../../../shared/definitions/workspace.ts';
import { currencyDigits } from '../../../shared/domain/currency-digits.ts';
import type { Language } from '../../../shared/domain/message.ts';
import { euro } from '../../../shared/domain/rates.ts';
import type { LoadedRates } from './load-rates.ts';
import type { Finding } from './problem.ts';
import { rateTexts } from './rate-texts.ts';

/** Rates that are read and can never be used: nothing could be converted to the workspace's currency. */
export const findRateFaults = (
  { currency }: Workspace,
  rates: LoadedRates | undefined,
  language: Language,
): Finding[] => {
  if (rates === undefined) return [];
  const texts = rateTexts[language];
  if (currencyDigits(currency) === undefined)
    return [{ path: ['currency'], part: 'value', ...texts.unlistedCurrency(currency) }];
  if (currency === euro || rates.table.columns.has(currency)) return [];
  return [{ path: ['rates'], part: 'value', ...texts.noColumn(currency, rates.file) }];
};
