import type { GammaGammaParams } from './fitted-params.ts';
import type { RepeatSpend } from './purchase-history.ts';

/*
 * Fader, Hardie and Lee 2005, "RFM and CLV", J. of Marketing Research 42(4), 415–430, in the form of
 * brucehardie.com/notes/025. It takes how much is spent to have nothing to do with how often.
 */

/**
 * The mean amount to expect of a customer's purchases, major units: between the own mean and everybody's. Everybody's
 * where nothing was bought again. Undefined where the own mean is unknown or not above zero: the model has no such amounts.
 */
export const expectedSpend = (
  { p, q, gamma }: GammaGammaParams,
  { repeats, meanSpend }: RepeatSpend,
): number | undefined => {
  if (repeats === 0) return (p * gamma) / (q - 1);
  if (meanSpend === undefined || !(meanSpend > 0)) return undefined;
  return (p * (gamma + repeats * meanSpend)) / (p * repeats + q - 1);
};
