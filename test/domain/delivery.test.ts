import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptOf, laneOf, recoverAttempt, type SendResult, settleAttempt } from '../../shared/domain/delivery.ts';
import { digestsOf } from '../../shared/domain/delivery-digest.ts';
import { backoffMs, maxAttempts, paceOf } from '../../shared/domain/delivery-schedule.ts';
import { alertOf, deliveryOf, gradeOf, hour, noon, sha256 } from '../contract/action-samples.ts';

const after = { wallNow: noon, random: 0.5, resends: true };
const sending = (attempts = 1) => deliveryOf('a', { status: 'sending', attempts, sentAt: noon });

describe('an attempt', () => {
  it('is counted before it is made, with its first and last instant', () => {
    const first = attemptOf(deliveryOf('a'), noon);
    expect(first).toMatchObject({ status: 'sending', attempts: 1, firstSentAt: noon, sentAt: noon });
    expect(attemptOf(first, noon + 5)).toMatchObject({ attempts: 2, firstSentAt: noon, sentAt: noon + 5 });
  });

  it.each<[string, SendResult, number, boolean, object]>([
    ['sending → delivered', { outcome: 'delivered' }, 1, true, { status: 'delivered' }],
    [
      'sending → delivered, not everywhere',
      { outcome: 'delivered', note: '1 of 2' },
      1,
      true,
      { status: 'delivered', lastError: '1 of 2' },
    ],
    [
      'sending → retry',
      { outcome: 'retry', reason: 'busy' },
      1,
      true,
      { status: 'retry', dueAt: noon + 5_000, lastError: 'busy' },
    ],
    [
      'sending → retry when asked for later',
      { outcome: 'retry', reason: 'busy', afterMs: hour },
      1,
      true,
      { status: 'retry', dueAt: noon + hour },
    ],
    [
      'sending → retry not before the schedule',
      { outcome: 'retry', reason: 'busy', afterMs: 1 },
      1,
      true,
      { status: 'retry', dueAt: noon + 5_000 },
    ],
    [
      'sending → dead after the last attempt',
      { outcome: 'retry', reason: 'busy' },
      maxAttempts,
      true,
      { status: 'dead', lastError: 'busy' },
    ],
    ['sending → dead when refused', { outcome: 'refused', reason: 'no' }, 1, true, { status: 'dead', lastError: 'no' }],
    [
      'sending → retry when the channel is disabled',
      { outcome: 'refused', reason: 'gone', disable: true },
      1,
      true,
      { status: 'retry', lastError: 'gone' },
    ],
    [
      'sending → unknown where it may be sent again',
      { outcome: 'unknown', reason: '?' },
      1,
      true,
      { status: 'unknown', unknowns: 1, dueAt: noon + 5_000 },
    ],
    ['sending → held where it may not', { outcome: 'unknown', reason: '?' }, 1, false, { status: 'held', unknowns: 1 }],
    [
      'sending → dead when the last one is unknown',
      { outcome: 'unknown', reason: '?' },
      maxAttempts,
      true,
      { status: 'dead', unknowns: 1 },
    ],
  ])('%s', (_, result, attempts, resends, expected) => {
    expect(settleAttempt(sending(attempts), result, { ...after, resends })).toMatchObject(expected);
  });

  it('leaves no old error on what was delivered', () => {
    expect(settleAttempt({ ...sending(), lastError: 'busy' }, { outcome: 'delivered' }, after)).not.toHaveProperty(
      'lastError',
    );
  });

  it.each([
    [true, 1, { status: 'unknown', dueAt: noon }],
    [true, maxAttempts, { status: 'dead' }],
    [false, 1, { status: 'held' }],
  ])(
    'that a crash cut off, resending %s after %i attempts, becomes %j, and is counted',
    (resends, attempts, expected) => {
      expect(recoverAttempt(sending(attempts), noon, resends)).toMatchObject({ ...expected, unknowns: 1 });
    },
  );
});

describe('the schedule', () => {
  it('makes ten attempts over a day', () => {
    const waits = Array.from({ length: maxAttempts - 1 }, (_, index) => backoffMs(index + 1, 0.5));
    expect(maxAttempts).toBe(10);
    expect(waits[0]).toBe(5_000);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(24 * hour);
  });

  it('spreads by a tenth either way', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (attempts, random) => {
          const middle = backoffMs(attempts, 0.5);
          expect(Math.abs(backoffMs(attempts, random) - middle)).toBeLessThanOrEqual(middle * 0.1 + 1);
        },
      ),
    );
    expect(backoffMs(1, 0)).toBe(4_500);
  });
});

describe('a pace', () => {
  it.each([
    [20, { sends: 20, windowMs: 60_000 }],
    [1.5, { sends: 1, windowMs: 60_000 }],
    [0.5, { sends: 1, windowMs: 120_000 }],
  ])('of %d a minute is %j', (perMinute, pace) => {
    expect(paceOf(perMinute)).toEqual(pace);
  });
});

describe('digests', () => {
  const alerts = (count: number, recipient = 'rep@example.com') =>
    Array.from({ length: count }, (_, index) =>
      alertOf(`${recipient} ${index}`, [recipient], { dueAt: 100 - index, createdAt: noon + index }),
    );

  it('name twenty alerts and count the rest', () => {
    const [digest] = digestsOf(alerts(23), 'channel', 'en', sha256);
    expect(digest?.members).toHaveLength(23);
    expect(digest?.delivery).toMatchObject({
      status: 'pending',
      dueAt: 78,
      createdAt: noon + 22,
      content: { kind: 'digest', title: '23 grade alerts', alerts: 23 },
    });
    const { content } = digest?.delivery ?? {};
    const lines = content?.kind === 'digest' ? content.text.split('\n') : [];
    expect(lines).toHaveLength(21);
    expect(lines[0]).toBe('• rep@example.com 0');
    expect(lines[20]).toBe('… and 3 more');
  });

  it('speak the language of the company', () => {
    const [digest] = digestsOf(alerts(21), 'channel', 'zh', sha256);
    expect(digest?.delivery.content).toMatchObject({
      title: '21 条客户等级提醒',
      text: expect.stringContaining('……另有 1 条') as string,
    });
  });

  it('go to each recipient by themselves, and leave a single alert alone', () => {
    const waiting = [...alerts(2, 'a@example.com'), ...alerts(1, 'b@example.com'), ...alerts(3, 'c@example.com')];
    const digests = digestsOf(waiting, 'recipient', 'en', sha256);
    expect(digests.map(({ members }) => members.length)).toEqual([2, 3]);
    expect(new Set(digests.map(({ delivery }) => laneOf(delivery))).size).toBe(2);
  });

  it('go to everybody on the channel together where the channel is the address', () => {
    const [digest] = digestsOf([...alerts(1, 'b'), ...alerts(1, 'a')], 'channel', 'en', sha256);
    expect(digest?.delivery.content).toMatchObject({ recipients: ['a', 'b'] });
  });

  it('take nothing but waiting alerts', () => {
    const rest = [
      gradeOf('g', 'A'),
      gradeOf('h', 'B'),
      ...alerts(3).map((each) => ({ ...each, status: 'sending' as const })),
    ];
    expect(digestsOf(rest, 'channel', 'en', sha256)).toEqual([]);
    expect(digestsOf(alerts(3), 'never', 'en', sha256)).toEqual([]);
  });

  it('are the same digest when made again of the same alerts', () => {
    expect(digestsOf(alerts(3), 'channel', 'en', sha256)).toEqual(digestsOf(alerts(3), 'channel', 'en', sha256));
  });
});
