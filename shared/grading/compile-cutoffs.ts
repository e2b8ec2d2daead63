import { tooFew } from '../domain/cohort.ts';
import type { LedgerBody } from '../domain/ledger.ts';
import type { Ranking } from './compile-ranking.ts';
import { type AxisReader, compileBands } from './compile-tag.ts';
import type { Model } from './model.ts';
import type { Axis } from './model-shape.ts';
import { sumOfPoints } from './score-groups.ts';
import type { View } from './view.ts';
import { compileZones, placeThresholds } from './zones.ts';

/** From the view to a zone, and from a zone to grades; grades are places among all of the model's. */
export interface Cutoffs {
  /** The zone of what the view shows; remembered. Under rank cuts it is given: it depends on others. */
  readonly find: (ranked: number) => number;
  /**
   * True when the view, at an instant or all through a stretch of time, certainly comes to the grades of what was found, for a
   * customer that holds this one; `means` tells what a standing is worth to it: a guard may make two the same.
   */
  readonly isSame: (held: number, means: (standing: number) => number) => boolean;
  /** Of the zone found. */
  readonly raw: () => number;
  /** Of the zone found, for a customer that holds this grade; −1: none. */
  readonly standing: (held: number) => number;
  /** Zone of an earlier decision, by what it went by; undefined where that lies with others. */
  readonly zoneOf: (decided: Pick<LedgerBody, 'contributions'> & { readonly score: number }) => number | undefined;
  /** Grades of an earlier decision: `raw` and `standing` as above. */
  readonly again: (decided: { readonly score: number; readonly zone: number; readonly held: number }) => {
    readonly raw: number;
    readonly standing: number;
  };
  /** Scores at or above which a grade begins, where cut-offs are scores. */
  readonly atLeast: Readonly<Record<string, number>>;
}

export const compileCutoffs = (model: Model, view: View, axis: AxisReader, ranking: Ranking | undefined): Cutoffs => {
  const cutoffs = byMethod(model, view, axis, ranking);
  const limit = 'nonPositive' in model.cutoffs ? model.cutoffs.nonPositive : undefined;
  return limit === undefined ? cutoffs : withLimit(cutoffs, view, placeOf(model, limit));
};

const byMethod = (model: Model, view: View, axis: AxisReader, ranking: Ranking | undefined): Cutoffs => {
  const { cutoffs } = model;
  if (cutoffs.method === 'absolute') return byScore(model, view, cutoffs.atLeast, model.stability?.hysteresis);
  if (cutoffs.method === 'matrix') return byCell(model, cutoffs, axis);
  return byRank(model, view, cutoffs.fallback?.atLeast ?? {}, ranking);
};

type Hysteresis = NonNullable<NonNullable<Model['stability']>['hysteresis']>;

/** Grades begin at their cut-off (≥); below all of them the last ranked grade holds. */
const byScore = (
  model: Model,
  view: View,
  atLeast: Readonly<Record<string, number>>,
  band: Hysteresis | undefined,
): Cutoffs => {
  const { values, boundaries } = placeThresholds(
    Object.values(atLeast).map((cut) => ({ cut, ...bandAround(cut, band) })),
    (a, b) => b - a,
  );
  const zones = compileZones(boundaries, rankedPlaces(model));
  const from = Float64Array.from(values);
  const zoneAt = (score: number): number => {
    let i = 0;
    while (i < from.length && !(score >= (from[i] ?? 0))) i += 1;
    return i;
  };
  let found = 0;
  // what lies between two zones of the same grades has them as well
  const isAsFound = (zone: number, held: number, means: (standing: number) => number): boolean =>
    zone === found ||
    (zones.raw(zone) === zones.raw(found) && means(zones.standing(zone, held)) === means(zones.standing(found, held)));
  return {
    find: () => {
      found = zoneAt(view.score[0] ?? 0);
      return found;
    },
    isSame: (held, means) => {
      const [low, high] = [view.score[0] ?? 0, view.score[1] ?? 0];
      return isAsFound(zoneAt(low), held, means) && (low === high || isAsFound(zoneAt(high), held, means));
    },
    raw: () => zones.raw(found),
    standing: (held) => zones.standing(found, held),
    zoneOf: ({ score }) => zoneAt(score),
    again: ({ zone, held }) => ({ raw: zones.raw(zone), standing: zones.standing(zone, held) }),
    atLeast,
  };
};

export const bandAround = (
  cut: number,
  band: Hysteresis | undefined,
): { readonly enter: number; readonly leave: number } => {
  if (band === undefined) return { enter: cut, leave: cut };
  const unit = band.unit === 'relative' ? Math.abs(cut) : 1;
  return { enter: cut + band.up * unit, leave: cut - band.down * unit };
};

/** While the cohort has too few members, by scores instead and without a band. */
const byRank = (
  model: Model,
  view: View,
  fallback: Readonly<Record<string, number>>,
  ranking: Ranking | undefined,
): Cutoffs => {
  const zones = compileZones(ranking?.boundaries ?? [], rankedPlaces(model));
  const few = byScore(model, view, fallback, undefined);
  let found = tooFew;
  return {
    find: (ranked) => {
      found = ranked;
      few.find(ranked);
      return found;
    },
    isSame: () => ranking?.isSame() ?? true,
    raw: () => (found === tooFew ? few.raw() : zones.raw(found)),
    standing: (held) => (found === tooFew ? few.raw() : zones.standing(found, held)),
    zoneOf: () => undefined,
    again: ({ score, zone, held }) => {
      if (zone !== tooFew) return { raw: zones.raw(zone), standing: zones.standing(zone, held) };
      const { raw } = few.again({ score, zone: few.zoneOf({ score, contributions: [] }) ?? 0, held });
      return { raw, standing: raw };
    },
    atLeast: {},
  };
};

type Matrix = Extract<Model['cutoffs'], { method: 'matrix' }>;

/** Fit × engagement: every cell of the table is a zone of its own. */
const byCell = (model: Model, { rows, cols, cells }: Matrix, axis: AxisReader): Cutoffs => {
  const [row, col] = [compileBands(axis(rows), rows), compileBands(axis(cols), cols)];
  const columns = cols.ge.length + 1;
  const names = [...rows.ge.map(([, label]) => label), rows.else].flatMap((r) =>
    [...cols.ge.map(([, label]) => label), cols.else].map((c) => `${r}${c}`),
  );
  const grades = names.map((name) => placeOf(model, cells[name] ?? ''));
  let found = 0;
  const raw = (): number => grades[found] ?? -1;
  return {
    find: () => {
      found = row.findPlace() * columns + col.findPlace();
      return found;
    },
    isSame: () => row.isSame() && col.isSame(),
    raw,
    standing: raw,
    zoneOf: ({ contributions }) =>
      row.placeAt(points(contributions, rows)) * columns + col.placeAt(points(contributions, cols)),
    again: ({ zone }) => ({ raw: grades[zone] ?? -1, standing: grades[zone] ?? -1 }),
    atLeast: {},
  };
};

const points = (contributions: LedgerBody['contributions'], axis: Axis): number => {
  const groups = 'group' in axis ? [axis.group] : axis.groups;
  return sumOfPoints(contributions.filter(({ group }) => groups.includes(group ?? '')).map((one) => one.points));
};

/** A score of zero or less is no better than this grade, however few are better. */
const withLimit = (cutoffs: Cutoffs, view: View, limit: number): Cutoffs => {
  let positive = true;
  const capped = (place: number): number => (positive ? place : Math.max(place, limit));
  return {
    ...cutoffs,
    find: (ranked) => {
      positive = (view.score[0] ?? 0) > 0;
      return cutoffs.find(ranked);
    },
    isSame: (held, means) =>
      (view.score[0] ?? 0) > 0 === positive && (view.score[1] ?? 0) > 0 === positive && cutoffs.isSame(held, means),
    raw: () => capped(cutoffs.raw()),
    standing: (held) => capped(cutoffs.standing(held)),
    again: (decided) => {
      const { raw, standing } = cutoffs.again(decided);
      return decided.score > 0 ? { raw, standing } : { raw: Math.max(raw, limit), standing: Math.max(standing, limit) };
    },
  };
};

export const placeOf = ({ grades }: Model, grade: string): number => grades.findIndex(({ id }) => id === grade);

const rankedPlaces = ({ grades }: Model): readonly number[] => grades.flatMap(({ ranked }, i) => (ranked ? [i] : []));
