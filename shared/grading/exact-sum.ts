/** A sum of scaled integers that never rounds before it is read: any order of the same terms reads the same. */
export interface ExactSum {
  readonly clear: () => void;
  /** Adds units / 10^scale, scale 0 to 6; units are a safe integer. Subtract by negative units. */
  readonly add: (units: number, scale: number) => void;
  /** The sum as the nearest double (of a total beyond 2^53 units: within one rounding of it). */
  readonly read: () => number;
}

export interface Decimal {
  readonly units: number;
  readonly scale: number;
}

const powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;
const widest = 6;
const powerOf = (scale: number): number => powers[scale] ?? 1;

/** The decimal a double was written as, up to six decimals; finer ones are rounded there. */
export const decimalOf = (value: number): Decimal => {
  for (let scale = 0; scale < widest; scale += 1) {
    const units = Math.round(value * powerOf(scale));
    if (units / powerOf(scale) === value && Number.isSafeInteger(units)) return { units, scale };
  }
  const units = Math.round(value * powerOf(widest));
  return Number.isSafeInteger(units) ? { units, scale: widest } : { units: Math.round(value), scale: 0 };
};

export const createExactSum = (): ExactSum => {
  // units, their scale, and the magnitude of all terms: while that is a safe integer, no addition can have rounded
  const narrow = new Float64Array(3);
  let wide: bigint | undefined;

  const widen = (): void => {
    wide = BigInt(narrow[0] ?? 0) * BigInt(powerOf(widest - (narrow[1] ?? 0)));
  };

  const rescale = (scale: number): void => {
    const factor = powerOf(scale - (narrow[1] ?? 0));
    if ((narrow[2] ?? 0) * factor > Number.MAX_SAFE_INTEGER) {
      widen();
      return;
    }
    narrow[0] = (narrow[0] ?? 0) * factor;
    narrow[2] = (narrow[2] ?? 0) * factor;
    narrow[1] = scale;
  };

  const addWide = (units: number, scale: number): void => {
    wide = (wide ?? 0n) + BigInt(units) * BigInt(powerOf(widest - scale));
  };

  /** Another scale than the sum's, or more than fits. */
  const addOther = (units: number, scale: number): void => {
    if (wide === undefined && scale > (narrow[1] ?? 0)) rescale(scale);
    const scaled = units * powerOf((narrow[1] ?? 0) - scale);
    const magnitude = (narrow[2] ?? 0) + Math.abs(scaled);
    if (wide === undefined && magnitude > Number.MAX_SAFE_INTEGER) widen();
    if (wide !== undefined) {
      addWide(units, scale);
      return;
    }
    narrow[0] = (narrow[0] ?? 0) + scaled;
    narrow[2] = magnitude;
  };

  return {
    clear: () => {
      narrow[0] = 0;
      narrow[1] = 0;
      narrow[2] = 0;
      wide = undefined;
    },
    add: (units, scale) => {
      const magnitude = (narrow[2] ?? 0) + Math.abs(units);
      if (wide !== undefined || scale !== narrow[1] || magnitude > Number.MAX_SAFE_INTEGER) {
        addOther(units, scale);
        return;
      }
      narrow[0] = (narrow[0] ?? 0) + units;
      narrow[2] = magnitude;
    },
    read: () => (wide === undefined ? (narrow[0] ?? 0) / powerOf(narrow[1] ?? 0) : readWide(wide)),
  };
};

/** Reduced first, so that a total that fits reads exactly as one that never grew wide. */
const readWide = (total: bigint): number => {
  let [units, scale] = [total, widest];
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return Number(units) / powerOf(scale);
};
