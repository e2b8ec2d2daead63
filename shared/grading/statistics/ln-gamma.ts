/** 1 − γ, Euler's constant taken from one. */
const oneLessEuler = 0.42278433509846713939;

/** ζ(k) − 1 for k = 2, 3, …: Abramowitz and Stegun, table 23.3. */
const zetaExcess = [
  0.64493406684822643647, 0.2020569031595942854, 0.082323233711138191516, 0.036927755143369926331,
  0.017343061984449139715, 0.0083492773819228268398, 0.0040773561979443393787, 0.0020083928260822144179,
  0.00099457512781808533715, 0.0004941886041194645587, 0.00024608655330804829864, 0.00012271334757848914675,
  0.000061248135058704829259, 0.000030588236307020493552, 0.000015282259408651871733, 7.6371976378997622736e-6,
  3.8172932649998398565e-6, 1.9082127165539389257e-6, 9.5396203387279611315e-7, 4.7693298678780646312e-7,
  2.3845050272773299e-7, 1.1921992596531107307e-7, 5.9608189051259479612e-8, 2.9803503514652280186e-8,
  1.4901554828365041235e-8, 7.450711789835429492e-9,
] as const;

/** B₂ₖ / (2k(2k − 1)), the coefficients of Stirling's series: Abramowitz and Stegun 6.1.41. */
const stirling = [
  1 / 12,
  -1 / 360,
  1 / 1_260,
  -1 / 1_680,
  1 / 1_188,
  -691 / 360_360,
  1 / 156,
  -3_617 / 122_400,
] as const;

const halfLnTwoPi = 0.91893853320467274178;

/**
 * ln Γ(x) for x > 0, to about 1e-14 of its size, near its zeros at 1 and 2 as well; NaN for anything else.
 * Near 1 and 2 by the series in ζ(k) − 1 (Abramowitz and Stegun 6.1.33), from 10 on by Stirling's, between by recurrence.
 */
export const lnGamma = (x: number): number => {
  if (!(x > 0)) return Number.NaN;
  if (x < 0.5) return aboveOne(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return aboveOne(x - 1) - Math.log1p(x - 1);
  if (x < 10) return fromTwo(x);
  return (x - 0.5) * Math.log(x) - x + halfLnTwoPi + stirlingTail(x);
};

/** ln Γ(2 + z) for |z| ≤ ½: it is also ln Γ(1 + z) + ln(1 + z). */
const aboveOne = (z: number): number => {
  let sum = 0;
  // smallest terms first; the powers alternate in sign because the series is one in −z
  for (let k = zetaExcess.length - 1; k >= 0; k -= 1) sum = sum * z + ((k % 2 === 0 ? 1 : -1) * zeta(k)) / (k + 2);
  return z * (oneLessEuler + z * sum);
};

const zeta = (k: number): number => zetaExcess[k] ?? 0;

const fromTwo = (x: number): number => {
  let product = 1;
  let rest = x;
  while (rest >= 2.5) {
    rest -= 1;
    product *= rest;
  }
  return aboveOne(rest - 2) + Math.log(product);
};

const stirlingTail = (x: number): number => {
  const inverse = 1 / (x * x);
  return stirling.reduceRight<number>((sum, coefficient) => sum * inverse + coefficient, 0) / x;
};

/** Up to this many factors are multiplied out: the difference of two gammas of a large r would be mostly rounding. */
const mostFactors = 50;

/** ln(Γ(r + count) / Γ(r)) for r > 0 and a whole count ≥ 0. */
export const lnRising = (r: number, count: number): number => {
  if (count > mostFactors) return lnGamma(r + count) - lnGamma(r);
  let sum = 0;
  for (let j = 0; j < count; j += 1) sum += Math.log(r + j);
  return sum;
};
