import type * as z from 'zod';
import type { Language } from '../../../shared/domain/message.ts';
import { findShapeFaults } from './find-shape-faults.ts';
import type { Problem } from './problem.ts';
import { settingTexts } from './setting-texts.ts';
import { readSourceFile, type SourceFile } from './source-file.ts';

/** A file that has the form it should. */
export interface Parsed<T> {
  readonly file: string;
  readonly value: T;
  readonly source: SourceFile;
}

/** Reads files and keeps what there is to complain about, so that all of it is told at once. */
export interface FileReader {
  readonly problems: Problem[];
  /** `complain` says where a file that is not there was asked for. */
  read(file: string, complain: (message: string) => Problem): Promise<SourceFile | undefined>;
  parse<T>(schema: z.ZodType<T>, source: SourceFile): Parsed<T> | undefined;
}

export const fileReader = (language: Language): FileReader => {
  const problems: Problem[] = [];
  return {
    problems,
    read: async (file, complain) => {
      try {
        const read = await readSourceFile(file, language);
        if (read.ok) return read.source;
        problems.push(...read.problems);
      } catch (error) {
        problems.push(complain(unreadableText(file, error, language)));
      }
      return undefined;
    },
    parse: (schema, source) => {
      const shaped = findShapeFaults(schema, source.json, language);
      if (shaped.ok) return { file: source.file, value: shaped.value, source };
      problems.push(...shaped.findings.map(source.place));
      return undefined;
    },
  };
};

export const unreadableText = (file: string, error: unknown, language: Language): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  const texts = settingTexts[language];
  return code === 'ENOENT' ? texts.noFile(file) : texts.unreadable(file, code);
};
