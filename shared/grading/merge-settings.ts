import type { ModelShape } from './model-shape.ts';
import type { Segment } from './segment-shape.ts';

type Block = Readonly<Record<string, unknown>>;
type Path = readonly string[];

/**
 * A model with a segment's settings in place of its own, as a file would say it: not yet checked. Blocks are merged key by key,
 * in the order of the model; a list takes the place of the model's unless it is `{ append: [...] }`. A setting of another kind
 * (another method of cut-offs, another source of a signal) takes the place of the whole block.
 */
export const mergeSettings = (model: ModelShape, set: Segment['set']): unknown => ({
  ...mergeBlocks(model, set, []),
  segments: [],
});

const mergeBlocks = (base: Block, set: Block, path: Path): Block => {
  const written = Object.entries(set).filter(([, value]) => value !== undefined);
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of written) merged[key] = merge(base[key], value, [...path, key]);
  return isSignal(path) ? withoutRival(merged, set) : merged;
};

const merge = (base: unknown, set: unknown, path: Path): unknown => {
  if (Array.isArray(base)) return appended(base, set) ?? set;
  return isBlock(base) && isBlock(set) && !isOther(base, set, path) ? mergeBlocks(base, set, path) : set;
};

/** What a list becomes by `{ append: [...] }`; undefined for anything else. */
const appended = (base: readonly unknown[], set: unknown): readonly unknown[] | undefined =>
  isBlock(set) && Object.keys(set).join() === 'append' && Array.isArray(set['append'])
    ? [...base, ...(set['append'] as readonly unknown[])]
    : undefined;

export const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSignal = (path: Path): boolean => path.length === 2 && path[0] === 'signals';

/** Keys of which a block of a signal has one: another one says something else altogether. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  from: ['attribute', 'events', 'model'],
  value: ['path', 'perEvent'],
  window: ['last', 'lifetime'],
  missing: ['value', 'points'],
};

const isOther = (base: Block, set: Block, path: Path): boolean => {
  const [section, , part] = path;
  if (section === 'cutoffs' && path.length === 1) return differs(base, set, 'method');
  if (section === 'score' && path.length === 1) return differs(base, set, 'combine');
  if (isSignal(path)) return isBlock(base['from']) && isBlock(set['from']) && isOtherSource(base['from'], set['from']);
  if (section !== 'signals' || path.length !== 3 || part === undefined) return false;
  return kindOf(set, part) !== undefined && kindOf(set, part) !== kindOf(base, part);
};

const differs = (base: Block, set: Block, key: string): boolean => set[key] !== undefined && set[key] !== base[key];

const isOtherSource = (base: Block, set: Block): boolean => {
  const kind = kindOf(set, 'from');
  return (kind !== undefined && kind !== kindOf(base, 'from')) || differs(base, set, 'model');
};

/** Of a fitted model's source `events` is a detail. */
const kindOf = (block: Block, part: string): string | undefined => {
  const found = (kinds[part] ?? []).filter((key) => block[key] !== undefined);
  return found.includes('model') ? 'model' : found[0];
};

/** A window and a decay exclude each other: one of them in the settings ends the other of the model. */
const withoutRival = (merged: Block, set: Block): Block => {
  const [window, decay] = [set['window'] !== undefined, set['decay'] !== undefined];
  if (window === decay) return merged;
  const { window: _window, decay: _decay, ...rest } = merged;
  return window ? { ...rest, window: merged['window'] } : { ...rest, decay: merged['decay'] };
};
