import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readAwsFailure } from '../../shared/domain/read-aws-failure.ts';
import type { ParkedLetter } from '../../shared/usecases/read-dead.ts';

/** Every file of a folder and its folders, by name; a file by itself. */
export const failureFilesIn = async (path: string): Promise<readonly string[]> => {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
};

export interface FailureFiles {
  readonly files: readonly string[];
  /** Stands before the names of topics on the cluster. */
  readonly prefix: string;
  /** Hears of what is no failure record; it is passed over. */
  readonly unreadable: (file: string, reason: string) => void;
}

/** The letters in files of AWS's failure records: one record, a list of them, or one a line. One file is in memory at a time. */
export async function* readFailureFiles({
  files,
  prefix,
  unreadable,
}: FailureFiles): AsyncGenerator<ParkedLetter, void, undefined> {
  for (const file of files) {
    for (const value of valuesIn(await readFile(file, 'utf8'))) {
      const failure = readAwsFailure(value, prefix);
      if (!failure.ok) unreadable(file, failure.reason);
      else for (const letter of failure.letters) yield { letter, parkedAt: letter.at };
    }
  }
}

const valuesIn = (text: string): readonly unknown[] => {
  const whole = jsonOf(text);
  if (whole === undefined) return text.split('\n').filter((line) => line.trim() !== '');
  return Array.isArray(whole) ? (whole as unknown[]) : [whole];
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // several records, one a line
    return undefined;
  }
};
