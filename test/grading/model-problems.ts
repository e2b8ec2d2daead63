import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import { findShapeFaults } from '#infra/node/workspace/find-shape-faults.ts';
import type { Finding } from '#infra/node/workspace/problem.ts';
import { parseSource, type SourceFile } from '#infra/node/workspace/source-file.ts';
import type { Language } from '#shared/domain/message.ts';
import { Model } from '#shared/grading/model.ts';
import { lintModel } from '#shared/grading/model-lints.ts';

/** The text of a shipped example. */
export const exampleText = (name: string): string =>
  readFileSync(new URL(`../../infra/cli/templates/examples/${name}.yaml`, import.meta.url), 'utf8');

export const exampleFile = (name: string): Record<string, unknown> =>
  parse(exampleText(name)) as Record<string, unknown>;

/**
 * What a check says against a model, as its author reads it: `path: message | the line of the file that is shown`. The model is
 * given as the text of a file, or as what such a text would say.
 */
export const faultsIn = (model: unknown, language: Language = 'en'): string[] => {
  const { text, source } = sourceOf(model, language);
  const shaped = findShapeFaults(Model, source.json, language);
  return shaped.ok ? [] : told(text, source, shaped.findings);
};

/** One of the faults reads so, and all of them can be read in Chinese. */
export const expectFault = (model: unknown, expected: string): void => {
  expect(faultsIn(model)).toContainEqual(expect.stringContaining(expected));
  for (const fault of faultsIn(model, 'zh')) expect(fault).toMatch(/: .*\p{Script=Han}.* \| /u);
};

/** What a check remarks about a model that has no faults, in the same form. */
export const lintsIn = (model: unknown, language: Language = 'en'): string[] => {
  const { text, source } = sourceOf(model, language);
  return told(
    text,
    source,
    lintModel(Model.parse(source.json)).map(({ path, message }) => ({
      path,
      part: 'value',
      message: message[language],
    })),
  );
};

const sourceOf = (model: unknown, language: Language): { readonly text: string; readonly source: SourceFile } => {
  const text = typeof model === 'string' ? model : stringify(model, { lineWidth: 0 });
  const read = parseSource('model.yaml', text, language);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join());
  return { text, source: read.source };
};

const told = (text: string, source: SourceFile, findings: readonly Finding[]): string[] =>
  findings.map(source.place).map(({ path, line, message }) => {
    const shown = (text.split('\n')[line - 1] ?? '').trim();
    return `${path}: ${message} | ${shown}`;
  });
