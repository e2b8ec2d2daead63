import { isMap, isNode, isScalar, type Node, parseDocument, type YAMLMap } from 'yaml';
import type { Json } from '../../../shared/domain/json.ts';
import { indented, renderFlow, renderMember, renderYaml } from './render-yaml.ts';

/** One value of a YAML file, to be replaced or added. */
export interface YamlEdit {
  readonly path: readonly (string | number)[];
  readonly value: Json;
}

/**
 * Changes values of a YAML text and leaves every other character where it is, comments included. Undefined where a value would have to
 * be added to a map in braces, or to something that is not there.
 */
export const editYaml = (text: string, edits: readonly YamlEdit[]): string | undefined =>
  edits.reduce<string | undefined>((edited, edit) => (edited === undefined ? undefined : editOne(edited, edit)), text);

const editOne = (text: string, { path, value }: YamlEdit): string | undefined => {
  const document = parseDocument(text);
  const found = document.getIn(path, true);
  if (isNode(found)) return replace(text, found, value);
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  return isMap(parent) && parent.flow !== true ? append(text, parent, String(path.at(-1)), value) : undefined;
};

const replace = (text: string, node: Node, value: Json): string | undefined => {
  const [start, end] = spanOf(text, node) ?? [];
  if (start === undefined || end === undefined) return undefined;
  const isBlock = isMap(node) && node.flow !== true;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const rendered = isBlock ? indented(renderYaml(value), column) : renderFlow(value);
  // an empty value ends where its colon does
  return `${text.slice(0, start)}${text[start - 1] === ':' ? ' ' : ''}${rendered}${text.slice(end)}`;
};

/** Behind the last member, with a free line before a section of the whole file. */
const append = (text: string, parent: YAMLMap, key: string, value: Json): string | undefined => {
  const [first, last] = [parent.items[0]?.key, parent.items.at(-1)];
  const start = isNode(first) ? first.range?.[0] : undefined;
  const end = isNode(last?.value) ? spanOf(text, last.value)?.[1] : undefined;
  if (start === undefined || end === undefined) return undefined;
  const column = start - (text.lastIndexOf('\n', start - 1) + 1);
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const member = `${' '.repeat(column)}${indented(renderMember(key, value), column)}`;
  return `${text.slice(0, at)}\n${column === 0 ? '\n' : ''}${member}${lineEnd < 0 ? '\n' : ''}${text.slice(at)}`;
};

/** From the first character to the last, without line breaks and comments behind it. */
const spanOf = (text: string, node: Node): readonly [start: number, end: number] | undefined => {
  const [start, end] = node.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  const last = isMap(node) && node.flow !== true ? node.items.at(-1)?.value : undefined;
  if (isNode(last) && !(isScalar(last) && last.range?.[0] === last.range?.[1]))
    return [start, spanOf(text, last)?.[1] ?? end];
  return [start, start + text.slice(start, end).trimEnd().length];
};
