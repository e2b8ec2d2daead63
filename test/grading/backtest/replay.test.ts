import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CustomerId } from '#shared/domain/ids.ts';
import { type ReplayedChange, type ReplayedEvent, replayHistory } from '#shared/grading/backtest/replay.ts';
import { compiled, instant, paid, smallModel } from '../model-files.ts';
import { type PlainRules, plainReplay } from './plain-replay.ts';

const account = (number: number): CustomerId => CustomerId.parse(`account:shop:${String(number).padStart(2, '0')}`);
const day = 86_400_000;
const start = instant('2026-01-05T00:00:00Z');

const play = (model: unknown, events: readonly ReplayedEvent[], until = start): readonly ReplayedChange[] => {
  const changes: ReplayedChange[] = [];
  const replay = replayHistory(compiled(model), (change) => changes.push(change));
  for (const event of events) replay.put(event);
  replay.passTo(until);
  return changes;
};

const bought = (customer: number, at: string | number, units: number): ReplayedEvent => ({
  customer: account(customer),
  fact: paid(at, units),
});

const brief = ({ customer, from, to, cause }: ReplayedChange): string =>
  `${customer.slice(-2)} ${from ?? '-'}>${to ?? '-'} ${cause}`;

/** Best third A, next third B; everything ever counts. */
const thirds = smallModel({
  timezone: 'UTC',
  signals: { sales: { from: { events: ['invoice.paid'] }, value: { path: 'amount' }, agg: 'sum' } },
  cutoffs: { method: 'rank', upTo: { A: 0.34, B: 0.67 } },
});

describe('replayHistory', () => {
  it('decides the customer of an event by the cuts after it, then those whom it displaced', () => {
    const changes = play(thirds, [
      bought(1, '2026-01-05T09:00:00Z', 100),
      bought(2, '2026-01-05T10:00:00Z', 50),
      bought(3, '2026-01-05T11:00:00Z', 10),
      bought(3, '2026-01-05T12:00:00Z', 200),
    ]);
    // of one, ⌈0.34⌉ = 1 is A; of two 1 is A and ⌈1.34⌉ = 2 are A or B; of three ⌈1.02⌉ = 2 are A, ⌈2.01⌉ = 3 are A or B
    expect(changes.map(brief)).toEqual([
      '01 ->A own',
      '02 ->B own',
      '03 ->B own',
      '02 B>A displaced',
      '03 B>A own',
      '02 A>B displaced',
    ]);
    expect(changes.map(({ first }) => first)).toEqual([true, true, true, false, false, false]);
    expect(changes.map(({ turn }) => turn)).toEqual([1, 2, 3, 3, 4, 4]);
  });

  it('lets facts leave their window at midnight, and all that falls due at once be decided together', () => {
    const changes = play(
      smallModel({ timezone: 'UTC' }),
      [bought(1, '2026-01-05T09:00:00Z', 100), bought(2, '2026-01-05T10:00:00Z', 60)],
      instant('2026-02-05T00:00:00Z'),
    );
    expect(changes.slice(2).map(brief)).toEqual(['01 A>C timer', '02 B>C timer']);
    expect(changes.slice(2).map(({ at, turn, byEvent }) => ({ at, turn, byEvent }))).toEqual(
      [3, 3].map((turn) => ({ at: instant('2026-02-04T00:00:00Z'), turn, byEvent: false })),
    );
  });

  it('tells grade and score between events, and lets attributes come with them', () => {
    const replay = replayHistory(
      compiled(smallModel({ timezone: 'UTC', scope: { when: { eq: [{ field: 'state' }, 'live'] } } })),
      () => undefined,
    );
    replay.put(bought(1, start, 70));
    expect(replay.standingOf(account(1), start)).toEqual({ customer: account(1), grade: null, score: null });
    replay.put({ ...bought(1, start + 1, 5), attributes: { state: 'live' } });
    replay.put(bought(1, start + 2, 1));
    expect(replay.standingOf(account(1), start + 2)).toEqual({ customer: account(1), grade: 'B', score: 76 });
    expect(replay.standingOf(account(2), start + 2)).toBeUndefined();
  });

  const anyEvents = fc
    .array(
      fc.record({
        customer: fc.nat(11),
        // never at a midnight; many at the same instant
        at: fc.integer({ min: 1, max: 60 * 8 }).map((part) => start + part * 3 * 3_600_000 + 1_800_000),
        units: fc.oneof(fc.integer({ min: -40, max: 60 }), fc.constantFrom(0, 10, 20)),
      }),
      { minLength: 1, maxLength: 60 },
    )
    .map((events) => events.sort((a, b) => a.at - b.at).map(({ customer, at, units }) => bought(customer, at, units)));

  const anyRules: fc.Arbitrary<PlainRules> = fc.record({
    method: fc.constantFrom('rank' as const, 'share' as const),
    upTo: fc.constantFrom([0.2, 0.5], [0.34, 0.67], [0.6, 0.8]),
    up: fc.constantFrom(0, 0.05),
    down: fc.constantFrom(0, 0.02, 0.05, 0.1),
    dwellDays: fc.record({ up: fc.constantFrom(0, 0, 3), down: fc.constantFrom(0, 2, 14) }),
    windowDays: fc.constantFrom(7, 30),
  });

  const modelOf = ({ method, upTo, up, down, dwellDays, windowDays }: PlainRules): unknown =>
    smallModel({
      timezone: 'UTC',
      signals: {
        sales: {
          from: { events: ['invoice.paid'] },
          value: { path: 'amount' },
          agg: 'sum',
          window: { last: `P${windowDays}D`, align: 'day' },
        },
      },
      cutoffs: { method, upTo: { A: upTo[0], B: upTo[1] } },
      stability: {
        hysteresis: { unit: 'rank', up, down },
        dwell: { up: `P${dwellDays.up}D`, down: `P${dwellDays.down}D` },
      },
    });

  it('comes to what ranking everybody from scratch after each event comes to', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyEvents, anyRules, (events, rules) => {
        const until = start + 100 * day;
        const plain = ({ at, customer, from, to }: Pick<ReplayedChange, 'at' | 'customer' | 'from' | 'to'>): string =>
          `${at} ${customer} ${from ?? '-'}>${to ?? '-'}`;
        const inOrder = (texts: readonly string[]): readonly string[] => texts.toSorted();
        const exact = play(modelOf(rules), events, until);
        expect(inOrder(exact.map(plain))).toEqual(inOrder(plainReplay(events, rules, until).map(plain)));
      }),
      { numRuns: 150 },
    );
  });
});
