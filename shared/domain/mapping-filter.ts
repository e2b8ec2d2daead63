import type { RecordMapping } from '../definitions/mapping.ts';
import type { Json } from './json.ts';
import { textAt } from './path.ts';

export type Filter = NonNullable<RecordMapping['keepIf']>;

/** True when every line of the filter holds; a mapping without filter keeps everything. */
export const compileFilter = (filter: Filter | undefined): ((content: Json) => boolean) => {
  const lines = Object.entries(filter ?? {}).map(([name, values]) => {
    const turned = name.startsWith('!');
    return { path: pathOfLine(name), turned, texts: new Set(values.map(String)) };
  });
  return (content) =>
    lines.every(({ path, turned, texts }) => texts.has((textAt(content, path) ?? '').trim()) !== turned);
};

/** The path that a line of a filter looks at. */
export const pathOfLine = (name: string): string => (name.startsWith('!') ? name.slice(1) : name);
