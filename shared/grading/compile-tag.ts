import { numberReader, type Reader, type Readers, scalarReader } from './compile-expression.ts';
import type { Operand } from './expression.ts';
import type { Axis, Tag } from './model-shape.ts';
import { scalarAt, type View } from './view.ts';

export interface CompiledTag {
  /** The customer's label on this axis; undefined when there is none to give. Remembered. */
  readonly label: () => string | undefined;
  /** True when the view certainly comes to the label remembered. */
  readonly isSame: () => boolean;
}

/** The points that an axis of a matrix looks at. */
export type AxisReader = (axis: Axis) => Reader;

export const compileTag = (tag: Tag, view: View, readers: Readers<Operand>, axis: AxisReader): CompiledTag => {
  if ('field' in tag) return fieldTag(tag.field, view);
  if ('bands' in tag) {
    const { on, missing } = tag.bands;
    const band = compileBands(readers(on), tag.bands);
    return { label: () => band.find() ?? missing, isSame: band.isSame };
  }
  const [rows, cols] = [
    compileBands(axis(tag.matrix.rows), tag.matrix.rows),
    compileBands(axis(tag.matrix.cols), tag.matrix.cols),
  ];
  return {
    label: () => `${rows.find() ?? ''}${cols.find() ?? ''}`,
    isSame: () => rows.isSame() && cols.isSame(),
  };
};

/** Attributes do not change by themselves. */
const fieldTag = (field: string, view: View): CompiledTag => {
  const reader = scalarReader(() => scalarAt(view.attributes, field));
  return {
    label: () => reader.text()?.toString() ?? (Number.isNaN(reader.low()) ? undefined : String(reader.low())),
    isSame: () => true,
  };
};

interface Bands {
  readonly ge: readonly (readonly [number, string])[];
  readonly else: string;
}

const unknown = -1;

export interface CompiledBands {
  /** The label of what the reader shows, undefined for the unknown; remembered. */
  readonly find: () => string | undefined;
  /** As `find`, by place; the unknown falls to the last. */
  readonly findPlace: () => number;
  readonly placeAt: (value: number) => number;
  readonly isSame: () => boolean;
}

export const compileBands = (reader: Reader, bands: Bands): CompiledBands => {
  const limits = Float64Array.from(bands.ge, ([limit]) => limit);
  const labels = [...bands.ge.map(([, label]) => label), bands.else];
  const placeOf = (value: number): number => {
    if (Number.isNaN(value)) return unknown;
    let i = 0;
    while (i < limits.length && value < (limits[i] ?? 0)) i += 1;
    return i;
  };
  let found = unknown;
  return {
    find: () => {
      found = placeOf(reader.low());
      return labels[found];
    },
    findPlace: () => {
      found = placeOf(reader.low());
      return found === unknown ? limits.length : found;
    },
    placeAt: placeOf,
    isSame: () => placeOf(reader.low()) === found && placeOf(reader.high()) === found,
  };
};

export const axisReaderOf =
  (view: View, groups: readonly string[]): AxisReader =>
  (axis) => {
    const places = ('group' in axis ? [axis.group] : axis.groups).map((group) => groups.indexOf(group));
    const total = (points: Float64Array) => (): number => {
      let micro = 0;
      for (const place of places) micro += Math.round((points[place] ?? 0) * 1e6);
      return micro / 1e6; // as `sumOfPoints`, without a list
    };
    return numberReader(total(view.groupLow), total(view.groupHigh));
  };
