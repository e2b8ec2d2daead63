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

export const compileTag = (tag: Tag, view: View, readers: Readers<Operand>, groups: readonly string[]): CompiledTag => {
  if ('field' in tag) return fieldTag(tag.field, view);
  if ('bands' in tag) {
    const { on, missing } = tag.bands;
    const band = bandOf(readers(on), tag.bands);
    return { label: () => band.find() ?? missing, isSame: band.isSame };
  }
  const [rows, cols] = [
    bandOf(axisReader(tag.matrix.rows, view, groups), tag.matrix.rows),
    bandOf(axisReader(tag.matrix.cols, view, groups), tag.matrix.cols),
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

const bandOf = (
  reader: Reader,
  bands: Bands,
): { readonly find: () => string | undefined; readonly isSame: () => boolean } => {
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
    isSame: () => placeOf(reader.low()) === found && placeOf(reader.high()) === found,
  };
};

const axisReader = (axis: Axis, view: View, groups: readonly string[]): Reader => {
  const places = ('group' in axis ? [axis.group] : axis.groups).map((group) => groups.indexOf(group));
  const total = (points: Float64Array) => (): number => {
    let micro = 0; // in millionths, as points are counted: the sum must not drift from the groups'
    for (const place of places) micro += Math.round((points[place] ?? 0) * 1e6);
    return micro / 1e6;
  };
  return numberReader(total(view.groupLow), total(view.groupHigh));
};
