import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../../shared/adapters/channels/http-outcome.ts';
import { noon } from '../../contract/action-samples.ts';

describe('retryAfterMs', () => {
  it.each([
    [undefined, undefined],
    ['7', 7_000],
    [' 0 ', 0],
    ['Mon, 02 Mar 2026 12:01:00 GMT', 60_000],
    ['Mon, 02 Mar 2026 11:00:00 GMT', 0],
    ['999999999', 86_400_000],
    ['soon', undefined],
  ])('reads %j as %j', (header, ms) => {
    expect(retryAfterMs(header, noon)).toBe(ms);
  });
});
