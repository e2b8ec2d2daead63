import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Money, majorUnits, parseMoney } from '#shared/domain/money.ts';

describe('parseMoney', () => {
  it.each([
    ['2042.761', 2_042_761, 3],
    ['0', 0, 0],
    ['-0', 0, 0],
    ['-0.00', 0, 0],
    ['+5', 5, 0],
    [' 12.50 ', 125, 1],
    ['007', 7, 0],
    ['0.000001', 1, 6],
    ['-0.5', -5, 1],
    ['1.1000000000', 11, 1],
    [19.99, 1_999, 2],
    [-3, -3, 0],
    [-0, 0, 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER, 0],
    ['-9007199254740991', -Number.MAX_SAFE_INTEGER, 0],
  ])('reads %j exactly', (value, units, scale) => {
    const money = parseMoney(value, 'CNY');
    expect(money).toEqual({ units, scale, currency: 'CNY' });
    expect(Object.is(money?.units, -0)).toBe(false);
  });

  it.each([
    '',
    ' ',
    '.5',
    '5.',
    '-',
    '1,000',
    '1e3',
    '0x10',
    '1.2.3',
    'NaN',
    'Infinity',
    '１２',
    '1 000',
    '--1',
    '0.0000001',
    '9007199254740992',
    '90071992547409.911',
    '9'.repeat(400),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e21,
    1e-7,
    0.1 + 0.2,
    2 ** 53,
  ])('refuses %j', (value) => {
    expect(parseMoney(value, 'CNY')).toBeUndefined();
  });

  it('reads back what it wrote out, whatever the scale', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(6), (units, scale) => {
        const digits = String(Math.abs(units)).padStart(scale + 1, '0');
        const text = `${units < 0 ? '-' : ''}${scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`}`;
        const money = parseMoney(text, 'EUR')!;
        expect(Money.parse(money)).toEqual(money);
        expect(BigInt(money.units) * 10n ** BigInt(6 - money.scale)).toBe(BigInt(units) * 10n ** BigInt(6 - scale));
        expect(money.scale === 0 || money.units % 10 !== 0).toBe(true);
      }),
    );
  });
});

describe('majorUnits', () => {
  it('gives the nearest double', () => {
    expect(majorUnits({ units: 2_042_761, scale: 3 })).toBe(2_042.761);
    expect(majorUnits({ units: -5, scale: 1 })).toBe(-0.5);
    expect(majorUnits({ units: 1, scale: 6 })).toBe(0.000001);
  });
});
