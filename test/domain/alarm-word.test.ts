import { describe, expect, it } from 'vitest';
import { type AlarmWord, sayAlarm } from '#shared/domain/alarm-word.ts';

const word: AlarmWord = {
  ...{ message: 'm', name: 'regrade-prod-late', state: 'on' },
  says: ['It waits.', 'Threshold Crossed.'],
  at: Date.UTC(2026, 6, 1, 9, 30),
};

describe('sayAlarm', () => {
  it('says what, why and when, by the clock of the company', () => {
    expect(sayAlarm(word, { language: 'en', timezone: 'Europe/Berlin' })).toEqual({
      title: 'Alarm: regrade-prod-late',
      text: 'It waits.\n\nThreshold Crossed.\n\n2026-07-01 11:30:00 (Europe/Berlin)',
    });
    expect(sayAlarm({ ...word, state: 'over' }, { language: 'zh', timezone: 'Asia/Shanghai' })).toEqual({
      title: '已解除：regrade-prod-late',
      text: 'It waits.\n\nThreshold Crossed.\n\n2026-07-01 17:30:00（Asia/Shanghai）',
    });
  });

  it('has a name for what has none', () => {
    const { title } = sayAlarm({ ...word, name: '', state: 'other' }, { language: 'en', timezone: 'UTC' });
    expect(title).toBe('Regrade: notice');
  });
});
