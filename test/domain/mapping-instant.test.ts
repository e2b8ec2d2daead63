import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInstantReader } from '#shared/domain/mapping-instant.ts';

const shanghai = createInstantReader('Asia/Shanghai');
const berlin = createInstantReader('Europe/Berlin');

const dayAfter = (date: string): string => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);

describe('createInstantReader', () => {
  it.each([
    ['2026-05-14T12:52:27+03:00', '2026-05-14T09:52:27.000Z'],
    ['2026-05-14T12:52:27.5Z', '2026-05-14T12:52:27.500Z'],
    ['2026-05-14T12:52:27.123456789-11:30', '2026-05-15T00:22:27.123Z'],
    ['2026-05-14T12:52+0530', '2026-05-14T07:22:00.000Z'],
    [' 2026-05-14 12:52:27+00:00 ', '2026-05-14T12:52:27.000Z'],
    [1_699_977_600_000, '2023-11-14T16:00:00.000Z'],
    ['1699977600000', '2023-11-14T16:00:00.000Z'],
    [0, '1970-01-01T00:00:00.000Z'],
  ])('reads %s as the instant it is', (value, iso) => {
    expect(shanghai.instantOf(value)).toBe(Date.parse(iso));
  });

  it('takes a date for midnight in its own zone', () => {
    expect(shanghai.instantOf('2026-09-26')).toBe(Date.parse('2026-09-25T16:00:00Z'));
    expect(berlin.instantOf('2026-03-29')).toBe(Date.parse('2026-03-28T23:00:00Z'));
    expect(berlin.instantOf('2026-03-30')).toBe(Date.parse('2026-03-29T22:00:00Z'));
  });

  it('takes the first moment of a day whose midnight was skipped', () => {
    expect(createInstantReader('America/Sao_Paulo').instantOf('2018-11-04')).toBe(Date.parse('2018-11-04T03:00:00Z'));
  });

  it.each([
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2018-02-17', 25],
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Asia/Shanghai', '2026-03-29', 24],
  ])('lets the days of %s follow each other without a gap: %s has %d hours', (zone, date, hours) => {
    const { instantOf, dateOf } = createInstantReader(zone);
    const [first = NaN, next = NaN] = [date, dayAfter(date)].map(instantOf);
    expect((next - first) / 3_600_000).toBe(hours);
    expect(dateOf(first)).toBe(date);
    expect(dateOf(next - 1)).toBe(date);
    expect(dateOf(next)).toBe(dayAfter(date));
    expect(dateOf(date)).toBe(date);
  });

  it.each([
    ['2026-05-14T12:52:27', '2026-05-14T10:52:27.000Z'],
    ['2026-05-14 12:52', '2026-05-14T10:52:00.000Z'],
    ['2026-01-14T12:52:27.5', '2026-01-14T11:52:27.500Z'],
    // an hour that the clock skips is as far behind the gap as it lies in it
    ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
    ['2026-03-29T03:00:00', '2026-03-29T01:00:00.000Z'],
    // of an hour that the clock shows twice the first counts
    ['2026-10-25T02:30:00', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:00:00', '2026-10-25T02:00:00.000Z'],
  ])('reads %s by the clock of the source where that is known', (value, iso) => {
    expect(createInstantReader('Asia/Shanghai', 'Europe/Berlin').instantOf(value)).toBe(Date.parse(iso));
  });

  it('reads everything else as if there were no such clock', () => {
    const reader = createInstantReader('Asia/Shanghai', 'America/Sao_Paulo');
    expect(reader.instantOf('2026-05-14T12:52:27+03:00')).toBe(Date.parse('2026-05-14T09:52:27Z'));
    expect(reader.instantOf('2026-09-26')).toBe(Date.parse('2026-09-25T16:00:00Z'));
    expect(reader.dateOf('2026-05-14T13:00:00')).toBe('2026-05-15');
    expect(reader.instantOf('2018-11-04T00:30:00')).toBe(Date.parse('2018-11-04T03:30:00Z'));
    for (const value of ['2026-02-30T10:00', '2026-05-14T24:00', '2026-05-14T10', '2026-05-14T10:00:00-03:00Z', 'now'])
      expect(reader.instantOf(value)).toBeUndefined();
    expect(() => createInstantReader('Asia/Shanghai', 'Mars/Olympus')).toThrow(RangeError);
  });

  it.each([
    '2026-02-30',
    '2026-05-00',
    '2026-00-10',
    '2026-13-01T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-05-14T24:00:00Z',
    '2026-05-14T12:60:00Z',
    '2026-05-14T12:52:27',
    '2026-05-14T12:52:27+99:00',
    'yesterday',
    '',
    1.5,
    Number.NaN,
    8.7e15,
    true,
    null,
    ['2026-05-14'],
    {},
    undefined,
  ])('refuses %j', (value) => {
    expect(shanghai.instantOf(value)).toBeUndefined();
  });

  it.each([1_699_977_600, '1699977600'])('refuses %j: seconds would land in 1970', (value) => {
    expect(shanghai.instantOf(value)).toBeUndefined();
  });

  it('says the calendar date in its own zone', () => {
    expect(shanghai.dateOf(Date.parse('2026-09-25T16:00:00Z'))).toBe('2026-09-26');
    expect(shanghai.dateOf('2026-09-25T15:59:59Z')).toBe('2026-09-25');
    expect(shanghai.dateOf('2026-09-26')).toBe('2026-09-26');
    expect(shanghai.dateOf('2026-09-31')).toBeUndefined();
    expect(shanghai.dateOf('soon')).toBeUndefined();
  });

  it('refuses a zone that does not exist, at once', () => {
    expect(() => createInstantReader('Mars/Olympus')).toThrow(RangeError);
  });

  it('reads back every instant of four digits of year that JavaScript can write', () => {
    const years = { min: Date.parse('1973-03-04T00:00:00Z'), max: Date.parse('9999-12-31T23:59:59Z') };
    fc.assert(
      fc.property(fc.integer(years), (at) => {
        expect(shanghai.instantOf(new Date(at).toISOString())).toBe(at);
        expect(shanghai.instantOf(String(at))).toBe(at);
      }),
      { seed: 11 },
    );
  });
});
