import type { Json } from '../../../shared/domain/json.ts';

/** A value as YAML, without a line break at the end: members a line each where they hold more than single values, brackets elsewhere. */
export const renderYaml = (value: Json): string => linesOf(value).join('\n');

/** One member of a map, as {@link renderYaml}. */
export const renderMember = (key: string, value: Json): string => memberLines(key, value).join('\n');

/** A value on one line, in brackets. */
export const renderFlow = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(renderFlow).join(', ')}]`;
  if (!isMap(value)) return scalar(value);
  const members = Object.entries(value).map(([key, member]) => `${scalar(key)}: ${renderFlow(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
};

/** Every line but the first moved to the right. */
export const indented = (text: string, by: number): string => text.replaceAll('\n', `\n${' '.repeat(by)}`);

type JsonMap = Readonly<Record<string, Json>>;

const isMap = (value: Json): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

const isSingle = (value: Json): boolean => typeof value !== 'object' || value === null;

const longestLine = 110;

const linesOf = (value: Json): readonly string[] => {
  if (!isMap(value) || Object.values(value).every(isSingle)) return wrapped(renderFlow(value));
  return Object.entries(value).flatMap(([key, member]) => memberLines(key, member));
};

const memberLines = (key: string, member: Json): readonly string[] => {
  const lines = linesOf(member);
  const isBlock = isMap(member) && !Object.values(member).every(isSingle);
  if (!isBlock && lines.length === 1) return [`${scalar(key)}: ${lines.join('')}`];
  return [`${scalar(key)}:`, ...lines.map((line) => `  ${line}`)];
};

/** Broken between members where it is too long for a line. */
const wrapped = (flow: string): readonly string[] => {
  if (flow.length <= longestLine) return [flow];
  const lines = [''];
  for (const piece of flow.split(/(?<=, )/)) {
    const line = lines.pop() ?? '';
    if (line !== '' && line.length + piece.length > longestLine) lines.push(line, `  ${piece}`);
    else lines.push(line + piece);
  }
  return lines.map((line) => line.trimEnd());
};

const plain = /^\p{L}[\p{L}\p{N}_.-]*( [\p{L}\p{N}_.-]+)*$/u;
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;

const scalar = (value: Json): string => {
  if (typeof value !== 'string') return JSON.stringify(value);
  return plain.test(value) && !reserved.test(value) ? value : JSON.stringify(value);
};
