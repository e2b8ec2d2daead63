/**
 * Cut-offs divide the scale into zones, 0 the best: zone z lies beyond the first z thresholds. Each boundary between two grades has
 * up to three thresholds: the cut-off itself, a stricter one to enter the better grade, and a looser one to leave it. That makes
 * a Schmitt trigger: between the last two a customer keeps what it has.
 */
export interface Zones {
  /** Place of the grade that the zone means by itself. */
  readonly raw: (zone: number) => number;
  /** Place of the grade for a customer that holds `held`: a place among all grades, −1 for none. */
  readonly standing: (zone: number, held: number) => number;
}

/** By boundary, best first: the place of each of its thresholds among all, which are in order from the best. */
export interface Boundary {
  readonly cut: number;
  readonly enter: number;
  readonly leave: number;
}

/** `ranked`: places of the ranked grades, best first; one more than boundaries. */
export const compileZones = (boundaries: readonly Boundary[], ranked: readonly number[]): Zones => {
  const last = ranked.at(-1) ?? -1;
  return {
    raw: (zone) => {
      for (let j = 0; j < boundaries.length; j += 1) if ((boundaries[j]?.cut ?? -1) >= zone) return ranked[j] ?? last;
      return last;
    },
    standing: (zone, held) => {
      const rank = ranked.indexOf(held);
      for (let j = 0; j < boundaries.length; j += 1) {
        const boundary = boundaries[j];
        if (boundary === undefined) break;
        const threshold = rank < 0 ? boundary.cut : rank <= j ? boundary.leave : boundary.enter;
        if (threshold >= zone) return ranked[j] ?? last;
      }
      return last;
    },
  };
};

/** Orders thresholds, best first, and says where each went. Equal ones become one. */
export const placeThresholds = <T>(
  thresholds: readonly { readonly cut: T; readonly enter: T; readonly leave: T }[],
  compare: (a: T, b: T) => number,
): { readonly values: readonly T[]; readonly boundaries: readonly Boundary[] } => {
  const values: T[] = [];
  for (const value of thresholds.flatMap(({ cut, enter, leave }) => [enter, cut, leave]).sort(compare)) {
    const before = values.at(-1);
    if (before === undefined || compare(before, value) !== 0) values.push(value);
  }
  const placeOf = (value: T): number => values.findIndex((other) => compare(other, value) === 0);
  return {
    values,
    boundaries: thresholds.map(({ cut, enter, leave }) => ({
      cut: placeOf(cut),
      enter: placeOf(enter),
      leave: placeOf(leave),
    })),
  };
};
