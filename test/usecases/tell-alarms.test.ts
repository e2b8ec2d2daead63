import { describe, expect, it } from 'vitest';
import type { AlarmWord } from '#shared/domain/alarm-word.ts';
import type { SendResult } from '#shared/domain/delivery.ts';
import type { Notice } from '#shared/ports/channel.ts';
import { hashing } from '#shared/runtime/hashing.ts';
import { tellAlarms } from '#shared/usecases/tell-alarms.ts';
import { quietLog } from '../kit/quiet-log.ts';

const word: AlarmWord = { message: 'm-1', name: 'regrade-prod-late', state: 'on', says: ['It waits.'], at: 0 };

const telling = (result: SendResult, onUnknown: 'resend' | 'hold' = 'resend', keyed = false) => {
  const told: Notice[] = [];
  const log = quietLog();
  const tell = tellAlarms({
    channel: {
      ...{ keyed, onUnknown },
      notify: async (notice) => {
        told.push(notice);
        return result;
      },
    },
    ...{ recipients: ['ann'], hash: hashing.sha256, log, language: 'en', timezone: 'UTC' },
  });
  return { told, log, tell };
};

describe('tellAlarms', () => {
  it('tells each alarm, the same message under the same id', async () => {
    const { told, tell, log } = telling({ outcome: 'delivered' });
    await tell([word, { ...word, message: 'm-2' }]);
    await tell([word]);
    expect(told.map(({ recipients, title }) => [recipients, title])).toEqual(
      Array(3).fill([['ann'], 'Alarm: regrade-prod-late']),
    );
    const [first, second, again] = told.map(({ id }) => id);
    expect(first).toMatch(/^ntc_[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
    expect(again).toBe(first);
    expect(log.lines).toEqual([]);
  });

  it.each([
    [{ outcome: 'retry', reason: 'HTTP 503' }, true],
    [{ outcome: 'unknown', reason: 'no answer' }, true],
    [{ outcome: 'refused', reason: 'HTTP 404' }, false],
  ] as const)('fails, and says why, where nothing was told: %j', async (result, retryable) => {
    const { tell, log } = telling(result);
    await expect(tell([word])).rejects.toMatchObject({ code: 'CHANNEL_FAILED', retryable });
    expect(log.lines).toMatchObject([{ level: 'error', fields: { outcome: result.outcome, reason: result.reason } }]);
  });

  it('leaves alone what may have arrived, where nothing is to stand there twice', async () => {
    const result = { outcome: 'unknown', reason: 'no answer' } as const;
    const held = telling(result, 'hold');
    await held.tell([word]);
    expect(held.log.lines).toHaveLength(1);
    await expect(telling(result, 'hold', true).tell([word])).rejects.toThrow('no answer');
  });
});
