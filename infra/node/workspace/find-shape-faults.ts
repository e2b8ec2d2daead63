import type * as z from 'zod';
import type { Language } from '../../../shared/domain/message.ts';
import { closestWord } from './closest-word.ts';
import { knownKeysAt, memberOf, writtenSchemaOf } from './known-keys.ts';
import type { Finding, Path } from './problem.ts';
import { shapeTexts } from './shape-texts.ts';

type Issue = z.core.$ZodIssue;

interface Reading {
  readonly json: unknown;
  readonly language: Language;
  readonly keysAt: (path: Path) => string[];
}

export type Shaped<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Reads a file's content by its schema; what does not fit is told in plain words, with what was probably meant. */
export const findShapeFaults = <T>(schema: z.ZodType<T>, json: unknown, language: Language): Shaped<T> => {
  // an empty message marks an issue for which the schema has no sentence of its own
  const parsed = schema.safeParse(json, { error: () => '' });
  if (parsed.success) return { ok: true, value: parsed.data };
  const written = writtenSchemaOf(schema);
  const reading = { json, language, keysAt: (path: Path) => knownKeysAt(written, json, path) };
  return { ok: false, findings: parsed.error.issues.flatMap((issue) => findingsOf(issue, [], reading)) };
};

const findingsOf = (issue: Issue, base: Path, reading: Reading): Finding[] => {
  const path = [...base, ...issue.path];
  const part = issue.code === 'invalid_key' ? 'key' : 'value';
  const own =
    issue.message === '' ? undefined : ({ path, part, message: ownSentence(issue, reading.language) } as const);
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return unionFindings(issue.errors, own, path, reading);
  if (own !== undefined) return [own];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, reading));
  if (issue.code === 'invalid_key')
    return issue.issues.map((inner) => ({ ...plainFinding(inner, path, reading), part }));
  if (issue.code === 'invalid_element') return issue.issues.flatMap((inner) => findingsOf(inner, path, reading));
  return [plainFinding(issue, path, reading)];
};

/** The schema's own: some bring it along in both languages. */
const ownSentence = (issue: Issue, language: Language): string => {
  const said: unknown = issue.code === 'custom' ? issue.params?.[language] : undefined;
  return typeof said === 'string' ? said : shapeTexts[language].own(issue.message);
};

const unknownKey = (key: string, path: Path, { keysAt, language, json }: Reading): Finding => {
  const texts = shapeTexts[language];
  const written = Object.keys(valueOf(json, path) ?? {});
  const known = keysAt(path).filter((candidate) => !written.includes(candidate));
  const meant = closestWord(key, known);
  const cure =
    meant === undefined ? (known.length === 0 ? undefined : texts.knownKeys(known)) : texts.didYouMean(meant);
  return { path: [...path, key], part: 'key', message: texts.unknownKey(key), cure };
};

/**
 * The alternative that was meant speaks: the one whose keys are the written ones. Where none was, the schema's own sentence
 * does; without one, what the nearest alternative knows of the keys, or the kinds of value that would do.
 */
const unionFindings = (
  branches: readonly Issues[],
  own: Finding | undefined,
  path: Path,
  reading: Reading,
): Finding[] => {
  const rightKind = branches.filter((issues) => !issues.some((issue) => isAtTop(issue, 'invalid_type')));
  const isMeant = (issues: Issues): boolean =>
    !issues.some(
      (issue) => isAtTop(issue, 'unrecognized_keys') || (own !== undefined && isAtTop(issue, 'invalid_value')),
    );
  const meant = nearest(rightKind.filter(isMeant));
  if (meant !== undefined) return meant.flatMap((issue) => findingsOf(issue, path, reading));
  if (own !== undefined) return [own];
  const foreign = nearest(rightKind)?.filter((issue) => issue.code === 'unrecognized_keys');
  if (foreign !== undefined) return foreign.flatMap((issue) => findingsOf(issue, path, reading));
  const kinds = branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  const message = shapeTexts[reading.language].wrongKind(kinds, valueOf(reading.json, path));
  return [{ path, part: 'value', message }];
};

type Issues = readonly Issue[];

const isAtTop = (issue: Issue, code: Issue['code']): boolean => issue.path.length === 0 && issue.code === code;

const nearest = (branches: readonly Issues[]): Issues | undefined =>
  [...branches].sort((a, b) => misfit(a) - misfit(b))[0];

/** Few issues deep inside fit better than many at the top. */
const misfit = (issues: Issues): number => issues.reduce((sum, issue) => sum + 1 / (1 + issue.path.length), 0);

const plainFinding = (issue: Issue, path: Path, { json, language }: Reading): Finding => {
  const texts = shapeTexts[language];
  const value = valueOf(json, path);
  const finding = (message: string, cure?: string): Finding => ({ path, part: 'value', message, cure });
  if (issue.message !== '') return finding(ownSentence(issue, language));
  const name = String(path.at(-1) ?? '');
  if (value === undefined) return finding(texts.missing(name), cureOfMissing(issue, language));
  if (value === null) return finding(texts.noValue(name), cureOfMissing(issue, language));
  switch (issue.code) {
    case 'invalid_type':
      return finding(texts.wrongKind([issue.expected], value), cureOfKind(issue.expected, value, language));
    case 'invalid_value':
      return choice(issue.values.map(String), value);
    case 'invalid_union':
      return choice(optionsOf(issue), value);
    case 'too_small':
      return finding(texts.atLeast(issue.origin, String(issue.minimum), issue.inclusive ?? true));
    case 'too_big':
      return finding(texts.atMost(issue.origin, String(issue.maximum), issue.inclusive ?? true));
    case 'invalid_format':
      return finding(texts.wrongForm(value, issue.format, issue.pattern));
    case 'not_multiple_of':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return finding(texts.notAccepted(value));
  }

  function choice(options: readonly string[], written: unknown): Finding {
    // a number is near to another one in value, not in digits
    const meant = typeof written === 'number' ? undefined : closestWord(String(written), options);
    return finding(
      texts.notOneOf(written, options),
      meant === undefined || options.length === 1 ? undefined : texts.didYouMean(meant),
    );
  }
};

/** Ids of digits only are the usual case: YAML reads them as numbers. */
const cureOfKind = (expected: string, value: unknown, language: Language): string | undefined =>
  expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')
    ? shapeTexts[language].quoteIt
    : undefined;

const cureOfMissing = (issue: Issue, language: Language): string | undefined => {
  const texts = shapeTexts[language];
  if (issue.code === 'invalid_type') return texts.expects([issue.expected]);
  if (issue.code === 'invalid_value') return texts.oneOf(issue.values.map(String));
  if (issue.code === 'invalid_union') return texts.oneOf(optionsOf(issue));
  return undefined;
};

/** What may stand at the key that tells the alternatives apart, such as `vendor` or `type`. */
const optionsOf = (issue: z.core.$ZodIssueInvalidUnion): string[] =>
  'options' in issue ? (issue.options ?? []).map(String) : [];

const valueOf = (json: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, step) => memberOf(value, step), json);
