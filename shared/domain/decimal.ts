/** An exact decimal number: `units` / 10^`scale`. */
export interface Decimal {
  /** A safe integer. */
  readonly units: number;
  readonly scale: number;
}

const plain = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal number exactly, from text or from a JSON number, trailing zeros dropped. Undefined when it is no plain
 * decimal or its digits are no safe integer.
 */
export const parseDecimal = (value: string | number): Decimal | undefined => {
  const match = plain.exec(typeof value === 'number' ? numberText(value) : value.trim());
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = fraction.replace(/0+$/, '');
  const units = Number(`${whole}${digits}`);
  if (!Number.isSafeInteger(units)) return undefined;
  return { units: sign === '-' && units !== 0 ? -units : units, scale: digits.length };
};

/** JSON numbers such as 1e21 or 1e-7 have no plain decimal text; they are refused by the pattern above. */
const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : '');
