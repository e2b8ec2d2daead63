import { isBlock } from './merge-settings.ts';
import type { Path } from './model-fault.ts';

export interface PlaceInSettings {
  /** As far as the settings reach. */
  readonly path: Path;
  /** What of the way they do not say. */
  readonly beyond: Path;
}

/** Where in a segment's `set` stands what leads to `path` of the merged model; items of an appended list count from its own first. */
export const placeInSettings = (base: unknown, set: unknown, path: Path): PlaceInSettings => {
  const [step, ...rest] = path;
  if (step === undefined) return { path: [], beyond: [] };
  const found = stepInto(base, set, step);
  if (found === undefined) return { path: [], beyond: path };
  const inner = placeInSettings(memberOf(base, step), found.value, rest);
  return { path: [...found.steps, ...inner.path], beyond: inner.beyond };
};

const stepInto = (
  base: unknown,
  set: unknown,
  step: PropertyKey,
): { readonly steps: Path; readonly value: unknown } | undefined => {
  const appended = isBlock(set) && Array.isArray(base) ? set['append'] : undefined;
  if (!Array.isArray(appended) || !Array.isArray(base)) {
    const value = memberOf(set, step);
    return value === undefined ? undefined : { steps: [step], value };
  }
  const place = Number(step) - base.length;
  const value = memberOf(appended, place);
  return value === undefined ? undefined : { steps: ['append', place], value };
};

const memberOf = (value: unknown, step: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<PropertyKey, unknown>)[step]
    : undefined;
