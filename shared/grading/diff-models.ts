import { canonicalJson } from '../domain/json.ts';
import type { Model } from './model.ts';

/** One thing that two models say differently. */
export interface Difference {
  /** Keys, and names of list entries: `['guards', 'new', 'then', 'grade']`. */
  readonly path: readonly string[];
  readonly kind: 'added' | 'removed' | 'changed' | 'reordered';
  /** As the model says it with its defaults; absent where it says nothing. Of an order: the names. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** All differences in the order of the older model, then of what is new. Texts, comments and the order of keys are none. */
export const diffModels = (before: Model, after: Model): readonly Difference[] => diffValues(before, after, []);

const diffValues = (before: unknown, after: unknown, path: readonly string[]): readonly Difference[] => {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ path, kind: 'added', after }];
  if (after === undefined) return [{ path, kind: 'removed', before }];
  if (isWhole(path)) return diffWhole(before, after, path);
  if (isBlock(before) && isBlock(after)) return diffBlocks(before, after, path);
  const lists = [namedEntries(before), namedEntries(after)] as const;
  if (lists[0] !== undefined && lists[1] !== undefined) return diffLists(lists[0], lists[1], path);
  return diffWhole(before, after, path);
};

const diffWhole = (before: unknown, after: unknown, path: readonly string[]): readonly Difference[] =>
  canonicalJson(before) === canonicalJson(after) ? [] : [{ path, kind: 'changed', before, after }];

/** A condition, and what a segment sets, make sense as one only. */
const isWhole = (path: readonly string[]): boolean => ['when', 'where', 'set'].includes(path.at(-1) ?? '');

type Block = Readonly<Record<string, unknown>>;

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const diffBlocks = (before: Block, after: Block, path: readonly string[]): readonly Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    diffValues(before[key], after[key], [...path, key]),
  );

/** Entries that have a name each; undefined for anything else. */
const namedEntries = (list: unknown): ReadonlyMap<string, unknown> | undefined => {
  if (!Array.isArray(list)) return undefined;
  const entries = new Map<string, unknown>();
  for (const entry of list as readonly unknown[]) {
    const name = isBlock(entry) ? (entry['id'] ?? entry['signal']) : undefined;
    if (typeof name !== 'string' || entries.has(name)) return undefined;
    entries.set(name, entry);
  }
  return entries;
};

type Entries = ReadonlyMap<string, unknown>;

const diffLists = (before: Entries, after: Entries, path: readonly string[]): readonly Difference[] => {
  const common = (entries: Entries, others: Entries): string[] =>
    [...entries.keys()].filter((name) => others.has(name));
  const [old, now] = [common(before, after), common(after, before)];
  const moved: Difference[] =
    old.join() === now.join()
      ? []
      : [{ path, kind: 'reordered', before: [...before.keys()], after: [...after.keys()] }];
  return [...moved, ...diffBlocks(Object.fromEntries(before), Object.fromEntries(after), path)];
};
