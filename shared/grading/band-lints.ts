import { lintTexts } from './lint-texts.ts';
import type { ModelFault, Path } from './model-fault.ts';
import type { ModelShape, Tag } from './model-shape.ts';
import { axisRange, mayBeUnknown, rangeOf, type ValueRange } from './value-range.ts';

interface Bands {
  readonly ge: readonly (readonly [number, string])[];
  readonly else: string;
}

/** Bands of a tag that nothing falls into, or that leave something out. */
export const tagLints = (model: ModelShape, tag: Tag, path: Path): ModelFault[] => {
  if ('field' in tag) return [];
  if ('matrix' in tag)
    return (['rows', 'cols'] as const).flatMap((name) =>
      bandLints(tag.matrix[name], axisRange(model, tag.matrix[name]), [...path, 'matrix', name]),
    );
  const { on, missing } = tag.bands;
  const gap = missing === undefined && mayBeUnknown(model, on);
  return [
    ...bandLints(tag.bands, rangeOf(model, on), [...path, 'bands']),
    ...(gap ? [{ path: [...path, 'bands'], message: lintTexts.noLabelForUnknown }] : []),
  ];
};

export const bandLints = (bands: Bands, range: ValueRange, path: Path): ModelFault[] => [
  ...limitLints(
    bands.ge.map(([limit], i) => ({ limit, path: [...path, 'ge', i] })),
    range,
  ),
  ...bands.ge.flatMap(([, label], i) =>
    label === (bands.ge[i + 1]?.[1] ?? bands.else)
      ? [{ path: [...path, 'ge', i], message: lintTexts.sameLabel(label) }]
      : [],
  ),
];

/** Limits from the largest to the smallest, against what there can be at all. */
export const limitLints = (
  limits: readonly { readonly limit: number; readonly path: Path }[],
  { least, most }: ValueRange,
): ModelFault[] =>
  limits.flatMap(({ limit, path }) => {
    if (most !== undefined && limit > most) return [{ path, message: lintTexts.unreachableLimit(limit, most) }];
    return least !== undefined && limit <= least ? [{ path, message: lintTexts.alwaysReached(limit, least) }] : [];
  });
