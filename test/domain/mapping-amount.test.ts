import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { RecordMapping } from '#shared/definitions/mapping.ts';
import { ConnectionId } from '#shared/domain/ids.ts';
import { createMapper, type MapperSettings } from '#shared/domain/mapping.ts';
import type { RecordContent } from '#shared/domain/mapping-outcome.ts';
import { fixtureRates, ratesOf } from '../kit/fixture-rates.ts';

type Facts = z.input<typeof RecordMapping>['facts'];

const paid = { type: 'invoice.paid', at: 'day', amount: 'total', currency: 'cur' } as const;
const settings = { currency: 'GBP', timezone: 'Europe/London', rates: fixtureRates() } as const;

const factsOf = (facts: Facts, content: RecordContent, more: Partial<MapperSettings> = {}) => {
  const mapping = RecordMapping.parse({ customer: { kind: 'account', id: 'account' }, facts });
  const mapper = createMapper({
    ...{ ...settings, ...more },
    records: { Invoice: mapping },
    connection: ConnectionId.parse('shop'),
  });
  const observed = mapper.observe('Invoice', '7', { account: '42', ...content });
  return observed.outcome === 'observed' ? observed.facts : observed;
};

describe('an amount in another currency', () => {
  it('is converted at the rate of its own day, and keeps what it was', () => {
    expect(factsOf([paid], { day: '2026-04-07', total: '1000.00', cur: 'usd' })).toEqual([
      {
        type: 'invoice.paid',
        at: Date.parse('2026-04-06T23:00:00Z'),
        amount: { units: 70_341, scale: 2, currency: 'GBP' },
        converted: {
          told: { units: 1_000, scale: 0, currency: 'USD' },
          rate: { numerator: 0.841, denominator: 1.1956 },
          rateDate: '2026-04-07',
        },
      },
    ]);
  });

  it('stays as it is in the currency of the workspace, a third decimal included', () => {
    expect(factsOf([paid], { day: '2026-04-07', total: '2042.761', cur: 'GBP' })).toEqual([
      expect.not.objectContaining({ converted: expect.anything() as unknown }),
    ]);
    expect(factsOf([paid], { day: '2026-04-07', total: '2042.761', cur: 'GBP' })).toMatchObject([
      { amount: { units: 2_042_761, scale: 3 } },
    ]);
  });

  it.each([
    ['Europe/London', '2026-04-07T22:59:59Z', '2026-04-07'],
    ['Europe/London', '2026-04-07T23:00:00Z', '2026-04-08'],
    ['Asia/Shanghai', '2026-04-07T16:00:00Z', '2026-04-08'],
    ['America/New_York', '2026-04-08T03:59:59Z', '2026-04-07'],
  ])('takes the day of %s for %s', (timezone, day, rateDate) => {
    expect(factsOf([paid], { day, total: 1, cur: 'USD' }, { timezone })).toMatchObject([{ converted: { rateDate } }]);
  });

  it('takes the day of a date although its midnight was skipped', () => {
    const rates = ratesOf('Date,GBP\n2018-11-05,0.1\n2018-11-04,0.2\n2018-11-03,0.3\n', 0);
    const inSaoPaulo = { timezone: 'America/Sao_Paulo', rates };
    const told = { total: 1, cur: 'EUR' };
    for (const day of ['2018-11-04', '2018-11-04T03:00:00Z', '2018-11-05T01:59:59Z'])
      expect(factsOf([paid], { day, ...told }, inSaoPaulo)).toMatchObject([{ converted: { rateDate: '2018-11-04' } }]);
    expect(factsOf([paid], { day: '2018-11-04T02:59:59Z', ...told }, inSaoPaulo)).toMatchObject([
      { converted: { rateDate: '2018-11-03' } },
    ]);
  });

  it('takes a weekend’s rate from before it', () => {
    expect(factsOf([paid], { day: '2026-04-05', total: 1, cur: 'USD' })).toMatchObject([
      { converted: { rateDate: '2026-04-02' } },
    ]);
  });

  it('takes the rate of its own day however late it comes', () => {
    expect(factsOf([paid], { day: '2022-03-02', total: '100', cur: 'RUB' })).toMatchObject([
      { converted: { rateDate: '2022-03-01' } },
    ]);
  });

  it('takes a refund at the rate of the sale that its record names, so that nothing is left over', () => {
    const refund = {
      ...paid,
      type: 'invoice.refunded',
      sign: 'negative',
      absolute: true,
      rateAt: 'original.day',
    } as const;
    const facts: Facts = [{ ...paid, sign: 'positive' }, refund];
    const sale = factsOf(facts, { day: '2026-03-30', total: 80, cur: 'USD' });
    const back = { day: '2026-04-07', total: -80, cur: 'USD' };
    const amountOf = (read: ReturnType<typeof factsOf>) => ('outcome' in read ? undefined : read[0]?.amount);
    expect(amountOf(sale)).toEqual({ units: 5_368, scale: 2, currency: 'GBP' });
    const known = factsOf(facts, { ...back, original: { day: '2026-03-30' } });
    expect(amountOf(known)).toEqual(amountOf(sale));
    expect(known).toMatchObject([
      {
        type: 'invoice.refunded',
        at: Date.parse('2026-04-06T23:00:00Z'),
        converted: { told: { units: 80 }, rateDate: '2026-03-30' },
      },
    ]);
    // where the record does not know the sale its own day counts
    expect(factsOf(facts, back)).toMatchObject([{ converted: { rateDate: '2026-04-07' } }]);
    expect(factsOf(facts, { ...back, original: { day: 'last week' } })).toMatchObject({
      outcome: 'unreadable',
      reason: 'no-instant',
      detail: expect.stringContaining('original.day holds no instant') as string,
    });
  });

  it('tells the sign before converting: what becomes less than a penny is still a refund', () => {
    const facts: Facts = [{ ...paid, sign: 'negative', absolute: true }];
    expect(factsOf(facts, { day: '2026-04-07', total: -0.001, cur: 'USD' })).toMatchObject([
      { amount: { units: 0 }, converted: { told: { units: 1, scale: 3 } } },
    ]);
  });

  it.each([
    ['2026-04-16', 'USD', 'rates.csv has no rate from USD to GBP of 2026-04-16, nor of the 7 days before'],
    ['2026-04-07', 'RUB', 'rates.csv has no rate from RUB to GBP of 2026-04-07'],
    ['2026-04-07', 'CHF', 'rates.csv has no column CHF'],
  ])('is put aside where there is no rate: %s %s', (day, cur, detail) => {
    const refused = factsOf([paid], { day, total: 5, cur });
    expect(refused).toMatchObject({ outcome: 'unreadable', reason: 'currency-without-rate' });
    expect(refused).toMatchObject({ detail: expect.stringContaining(detail) as string });
    expect(refused).toMatchObject({
      detail: expect.stringContaining('regrade dead replay --reason currency-without-rate') as string,
    });
  });

  it.each([undefined, fixtureRates()])('is put aside where nobody knows the currency', (rates) => {
    const refused = factsOf([paid], { day: '2026-04-07', total: 5, cur: 'RMB' }, { rates });
    expect(refused).toMatchObject({ outcome: 'unreadable', reason: 'unknown-currency' });
    expect(refused).toMatchObject({ detail: expect.stringContaining('RMB') as string });
  });

  it('is put aside without rates, saying how to get some', () => {
    expect(factsOf([paid], { day: '2026-04-07', total: 5, cur: 'USD' }, { rates: undefined })).toMatchObject({
      reason: 'currency-without-rate',
      detail: expect.stringContaining('name a file of rates with `rates:`') as string,
    });
  });

  it('needs no rate where the fact did not happen', () => {
    const facts: Facts = [{ ...paid, when: { state: ['paid'] } }];
    expect(factsOf(facts, { day: '2026-04-07', total: 5, cur: 'CHF', state: 'open' })).toEqual([]);
    expect(factsOf([{ ...paid, sign: 'negative' }], { day: '2026-04-07', total: 5, cur: 'CHF' })).toEqual([]);
  });

  it('refuses what is too large once converted', () => {
    const refused = factsOf([paid], { day: '2026-04-07', total: '9007199254740991', cur: 'KWD' });
    expect(refused).toMatchObject({ outcome: 'unreadable', reason: 'bad-amount' });
  });
});

describe('an amount in minor units', () => {
  const minor: Facts = [{ ...paid, amountIn: 'minor' }];

  it.each([
    ['GBP', 1250, 1_250, 2],
    ['GBP', '1250.5', 12_505, 3],
    ['GBP', -7, -7, 2],
  ])('has the decimals of its currency: %s %s', (cur, total, units, scale) => {
    expect(factsOf(minor, { day: '2026-04-07', total, cur })).toMatchObject([{ amount: { units, scale } }]);
  });

  it.each([
    ['JPY', 0],
    ['KWD', 3],
    ['USD', 2],
  ])('of %s has %i decimals', (cur, scale) => {
    expect(factsOf(minor, { day: '2026-04-07', total: 1_234, cur })).toMatchObject([
      { converted: { told: { units: 1_234, scale, currency: cur } } },
    ]);
  });

  it('has the decimals that its connection says where the provider deviates', () => {
    const minorUnits = { KWD: 2, GBP: 0, XTS: 1 };
    const told = (cur: string) => factsOf(minor, { day: '2026-04-07', total: 1_234, cur }, { minorUnits });
    expect(told('KWD')).toMatchObject([{ converted: { told: { units: 1_234, scale: 2 } } }]);
    expect(told('GBP')).toMatchObject([{ amount: { units: 1_234, scale: 0 } }]);
    expect(told('JPY')).toMatchObject([{ converted: { told: { units: 1_234, scale: 0 } } }]);
  });

  it('is put aside where nobody knows the decimals', () => {
    expect(factsOf(minor, { day: '2026-04-07', total: 5, cur: 'XTS' })).toMatchObject({
      reason: 'unknown-currency',
      detail: expect.stringContaining('minorUnits: { XTS: … }') as string,
    });
  });

  it.each(['12.34567', '1e3', 'ten', true, 2 ** 53])('refuses %j', (total) => {
    expect(factsOf(minor, { day: '2026-04-07', total, cur: 'GBP' })).toMatchObject({ reason: 'bad-amount' });
  });
});

describe('the mapping of amounts', () => {
  it.each([
    [{ type: 'a.b', at: 'day', amountIn: 'minor' }, 'amountIn'],
    [{ type: 'a.b', at: 'day', rateAt: 'x' }, 'rateAt'],
    [{ type: 'a.b', at: 'day', amount: 'total', rateAt: 'x' }, 'rateAt'],
  ])('refuses a setting that would do nothing: %j', (fact, key) => {
    const parsed = RecordMapping.safeParse({ customer: { kind: 'account', id: 'a' }, facts: [fact] });
    expect(parsed.error?.issues[0]?.path).toEqual(['facts', 0, key]);
  });
});
