import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conversion, convertMoney } from '#shared/domain/conversion.ts';
import { currencyDigits } from '#shared/domain/currency-digits.ts';
import type { Money } from '#shared/domain/money.ts';

const usd = (units: number, scale = 2): Money => ({ units, scale, currency: 'USD' });
const gbp = { currency: 'GBP', digits: 2 } as const;

describe('convertMoney', () => {
  it.each([
    // 1 / 1.2 has no end: a rounded quotient would send both halves the same way
    [usd(3), { numerator: 1, denominator: 1.2 }, 2],
    [usd(9), { numerator: 1, denominator: 1.2 }, 8],
    [usd(-3), { numerator: 1, denominator: 1.2 }, -2],
    [usd(-9), { numerator: 1, denominator: 1.2 }, -8],
    [usd(5, 3), { numerator: 1, denominator: 1 }, 0],
    [usd(15, 3), { numerator: 1, denominator: 1 }, 2],
    [usd(25, 3), { numerator: 1, denominator: 1 }, 2],
    [usd(2_500_001, 6), { numerator: 0.01, denominator: 1 }, 3],
    [usd(100_000), { numerator: 0.841, denominator: 1.1956 }, 70_341],
    [usd(0), { numerator: 0.841, denominator: 1.1956 }, 0],
  ])('rounds %j at %j once, half to even', (told, rate, units) => {
    const converted = convertMoney(told, rate, gbp);
    expect(converted).toEqual({ units, scale: 2, currency: 'GBP' });
    expect(Object.is(converted?.units, -0)).toBe(false);
  });

  it.each([
    ['JPY', 0, 13_459],
    ['GBP', 2, 1_345_856],
    ['KWD', 3, 13_458_562],
  ])('rounds to the decimals of %s', (currency, digits, units) => {
    expect(currencyDigits(currency)).toBe(digits);
    expect(convertMoney(usd(10_000), { numerator: 160.85, denominator: 1.19515 }, { currency, digits })).toEqual({
      units,
      scale: digits,
      currency,
    });
  });

  it('refuses what no safe integer holds', () => {
    expect(convertMoney(usd(Number.MAX_SAFE_INTEGER), { numerator: 2, denominator: 1 }, gbp)).toBeUndefined();
    expect(convertMoney(usd(1), { numerator: 1, denominator: 1e-7 }, gbp)).toBeUndefined();
  });

  const money = fc.record({
    units: fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
    scale: fc.nat(6),
    currency: fc.constant('USD'),
  });
  const side = fc.integer({ min: 1, max: 10 ** 7 }).map((units) => units / 10 ** 4);

  it('is off by half a minor unit at most, and to the even one where it is just that', () => {
    fc.assert(
      fc.property(money, side, side, (told, numerator, denominator) => {
        const converted = convertMoney(told, { numerator, denominator }, gbp);
        if (converted === undefined) return;
        // everything times the denominator: told × numerator against units × denominator, in whole numbers
        const [over, under] = [BigInt(Math.round(numerator * 10 ** 4)), BigInt(Math.round(denominator * 10 ** 4))];
        const exact = BigInt(told.units) * over * 100n;
        const found = BigInt(converted.units) * under * 10n ** BigInt(told.scale);
        const off = exact > found ? exact - found : found - exact;
        const unit = under * 10n ** BigInt(told.scale);
        expect(off * 2n <= unit).toBe(true);
        if (off * 2n === unit) expect(converted.units % 2).toBeOneOf([0, -0]);
      }),
      { seed: 6, numRuns: 2_000 },
    );
  });

  it('takes back with one sign what it gave with the other', () => {
    fc.assert(
      fc.property(money, side, side, (told, numerator, denominator) => {
        const rate = { numerator, denominator };
        const [there, back] = [
          convertMoney(told, rate, gbp),
          convertMoney({ ...told, units: 0 - told.units }, rate, gbp),
        ];
        expect((there?.units ?? 0) + (back?.units ?? 0)).toBe(0);
      }),
      { seed: 8 },
    );
  });
});

describe('Conversion', () => {
  it.each(['2026-02-29', '2026-4-1', '', '2026-04-01T00:00:00Z'])('refuses the rate date %j', (rateDate) => {
    const conversion = { told: usd(1), rate: { numerator: 1, denominator: 2 } };
    expect(Conversion.safeParse({ ...conversion, rateDate: '2026-04-01' }).success).toBe(true);
    expect(Conversion.safeParse({ ...conversion, rateDate }).success).toBe(false);
  });
});

describe('currencyDigits', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['CLP', 0],
    ['CNY', 2],
    ['EUR', 2],
    ['HUF', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['JOD', 3],
    ['OMR', 3],
    ['TND', 3],
    ['IQD', 3],
    ['LYD', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('knows the minor unit of %s: %i', (currency, digits) => {
    expect(currencyDigits(currency)).toBe(digits);
  });

  it.each(['RMB', 'XYZ', '', 'constructor'])('knows none of %j', (currency) => {
    expect(currencyDigits(currency)).toBeUndefined();
  });
});
