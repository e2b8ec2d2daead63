import { describe, expect, it, onTestFinished } from 'vitest';
import { muteNegativeTimeouts } from '#shared/adapters/kafka/mute-negative-timeouts.ts';

describe('muteNegativeTimeouts', () => {
  it('keeps back that one warning, in all its forms, and no other', async () => {
    const heard: string[] = [];
    const listen = ({ name, message }: Error): void => void heard.push(`${name}: ${message}`);
    const usual = process.listeners('warning');
    process.removeAllListeners('warning').on('warning', listen);
    onTestFinished(() => {
      process.off('warning', listen);
      for (const each of usual) process.on('warning', each);
    });
    muteNegativeTimeouts();
    muteNegativeTimeouts();
    process.emitWarning('-17 is a negative number.', 'TimeoutNegativeWarning');
    process.emitWarning('-18 is a negative number.', { type: 'TimeoutNegativeWarning' });
    process.emitWarning(Object.assign(new Error('-19'), { name: 'TimeoutNegativeWarning' }));
    process.emitWarning('too large', 'TimeoutOverflowWarning');
    process.emitWarning('plain');
    process.emitWarning('with options', { type: 'Special', code: 'X1' });
    process.emitWarning(new Error('an error'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([
      'TimeoutOverflowWarning: too large',
      'Warning: plain',
      'Special: with options',
      'Error: an error',
    ]);
  });
});
