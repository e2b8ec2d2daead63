import { readFileSync } from 'node:fs';
import type { Rates } from '#shared/domain/rates.ts';
import { readRates } from '#shared/domain/read-rates.ts';

/** Made up, in the layout of the European Central Bank; see the days in the file itself. */
export const ratesFile = new URL('../fixtures/rates/rates.csv', import.meta.url);

export const ratesOf = (csv: string, maxAgeDays = 7): Rates => {
  const read = readRates(csv);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return { table: read.table, maxAgeDays, file: 'rates.csv' };
};

export const fixtureRates = (maxAgeDays?: number): Rates => ratesOf(readFileSync(ratesFile, 'utf8'), maxAgeDays);
