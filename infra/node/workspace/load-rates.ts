import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Workspace } from '../../../shared/definitions/workspace.ts';
import type { Language } from '../../../shared/domain/message.ts';
import type { Rates } from '../../../shared/domain/rates.ts';
import { type RateFault, readRates } from '../../../shared/domain/read-rates.ts';
import { type FileReader, type Parsed, unreadableText } from './file-reader.ts';
import type { Problem } from './problem.ts';
import { rateTexts } from './rate-texts.ts';
import { decodeText, noText } from './source-file.ts';

export interface LoadedRates extends Rates {
  /** The file as it stands. */
  readonly csv: string;
}

/** The rates that a workspace names. Undefined where it names none, or where the reader has problems to tell instead. */
export const loadRates = async (
  { value: { rates }, source, file: root }: Parsed<Workspace>,
  reader: FileReader,
  language: Language,
): Promise<LoadedRates | undefined> => {
  if (rates === undefined) return undefined;
  const file = isAbsolute(rates.file) ? rates.file : join(dirname(root), rates.file);
  const csv = await readText(file, language, (message) =>
    source.place({ path: ['rates'], part: 'value', message, cure: rateTexts[language].whereFrom }),
  );
  if (typeof csv !== 'string') {
    reader.problems.push(csv);
    return undefined;
  }
  const read = readRates(csv);
  if (read.ok) return { ...rates, table: read.table, csv };
  reader.problems.push(...read.faults.map((fault) => problemOf(file, fault, language)));
  return undefined;
};

const readText = async (
  file: string,
  language: Language,
  complain: (message: string) => Problem,
): Promise<string | Problem> => {
  try {
    return decodeText(await readFile(file)) ?? noText(file, language);
  } catch (error) {
    return complain(unreadableText(file, error, language));
  }
};

const problemOf = (file: string, fault: RateFault, language: Language): Problem => {
  const { line, column } = fault;
  return { severity: 'error', file, line, column, path: '', ...rateTexts[language].fault(fault) };
};
