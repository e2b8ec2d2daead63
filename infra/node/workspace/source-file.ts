import { readFile } from 'node:fs/promises';
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLError } from 'yaml';
import type { Language } from '../../../shared/domain/message.ts';
import { type Finding, type Path, type Place, type Problem, pathText } from './problem.ts';

/** A YAML (or JSON) file that still knows where everything stands. */
export interface SourceFile {
  readonly file: string;
  readonly json: unknown;
  /** Turns a finding into a problem of this file. */
  readonly place: (finding: Finding) => Problem;
}

export type Read =
  | { readonly ok: true; readonly source: SourceFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads one file. What is no text or no YAML comes back as problems. Rejects with the system's error when it cannot be read. */
export const readSourceFile = async (file: string, language: Language): Promise<Read> => {
  const bytes = await readFile(file);
  const text = decodeText(bytes);
  return text === undefined ? { ok: false, problems: [noText(file, language)] } : parseSource(file, text, language);
};

/** As {@link readSourceFile}, for text already in hand. */
export const parseSource = (file: string, text: string, language: Language): Read => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => syntaxProblem(file, placeAt(error.pos[0]), error, language));
    return { ok: false, problems };
  }
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const place = ({ path, part, severity = 'error', message, cure }: Finding): Problem => ({
    severity,
    file,
    ...placeAt(offsetOf(document.contents, path, part, resolve)),
    path: pathText(path),
    message,
    ...(cure === undefined ? {} : { cure }),
  });
  try {
    return { ok: true, source: { file, json: document.toJS() as unknown, place } };
  } catch (cause) {
    // more aliases than any file written by hand: an attempt to exhaust memory
    const detail = cause instanceof Error ? cause.message : String(cause);
    return { ok: false, problems: [wholeFile(file, `${says[language].notYaml}: ${detail}`)] };
  }
};

export const wholeFile = (file: string, message: string, cure?: string): Problem => ({
  severity: 'error',
  file,
  line: 1,
  column: 1,
  path: '',
  message,
  ...(cure === undefined ? {} : { cure }),
});

export const noText = (file: string, language: Language): Problem => wholeFile(file, says[language].notText);

/** Undefined for what is not UTF-8. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** Where the path leads; where it leads nowhere (something is missing), the last part of it that is there. */
const offsetOf = (root: unknown, path: Path, part: Finding['part'], resolve: (node: unknown) => unknown): number => {
  let node = resolve(root);
  let key = 0;
  for (const step of path) {
    const found = childOf(node, step);
    if (found === undefined) return key;
    key = startOf(found.key) ?? key;
    node = resolve(found.value);
  }
  const pointsAtValue = part === 'value' && isScalar(node) && node.value !== null;
  return (pointsAtValue ? startOf(node) : undefined) ?? key;
};

const childOf = (node: unknown, step: PropertyKey): { key: unknown; value: unknown } | undefined => {
  if (isMap(node)) return node.items.find(({ key }) => keyText(key) === String(step));
  if (!isSeq(node) || typeof step !== 'number') return undefined;
  const item = node.items[step];
  return item === undefined ? undefined : { key: item, value: item };
};

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

const startOf = (node: unknown): number | undefined => (node as Node | null)?.range?.[0];

const syntaxProblem = (file: string, place: Place, error: YAMLError, language: Language): Problem => {
  const { message, cure } = syntaxText(error, language);
  return { severity: 'error', file, ...place, path: '', message, ...(cure === undefined ? {} : { cure }) };
};

const syntaxText = (error: YAMLError, language: Language): { message: string; cure?: string } => {
  const text = says[language];
  if (error.code === 'DUPLICATE_KEY') return text.duplicateKey;
  if (error.code === 'TAB_AS_INDENT') return text.tab;
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY') return text.indent;
  return { message: `${text.notYaml}: ${error.message}` };
};

const says = {
  en: {
    notText: 'this is not UTF-8 text',
    notYaml: 'this is not valid YAML',
    duplicateKey: { message: 'this key stands twice in the same block', cure: 'keep one of them' },
    tab: { message: 'a tab is used for indentation', cure: 'indent with spaces' },
    indent: {
      message: 'the lines around here are not indented as they belong',
      cure: 'give keys of one block the same indentation',
    },
  },
  zh: {
    notText: '文件不是 UTF-8 文本',
    notYaml: 'YAML 格式有误',
    duplicateKey: { message: '同一层级中此键重复出现', cure: '只保留一个' },
    tab: { message: '缩进使用了制表符', cure: '请改用空格缩进' },
    indent: { message: '此处附近的缩进有误', cure: '同一层级的键应缩进相同' },
  },
} as const;
