import { describe, expect, it } from 'vitest';
import { parseWhen } from '../../infra/cli/parse-when.ts';

const now = Date.UTC(2026, 6, 1, 12);
const at = (text: string) => parseWhen(text, { now, timezone: 'Asia/Shanghai' });
const hour = 3_600_000;

describe('an instant on the command line', () => {
  it.each([
    ['90m', now - 1.5 * hour],
    ['2h', now - 2 * hour],
    ['3d', now - 72 * hour],
    ['2026-03-01', Date.UTC(2026, 1, 28, 16)],
    ['2026-03-01T09:00', Date.UTC(2026, 2, 1, 1)],
    ['2026-03-01 09:00:30', Date.UTC(2026, 2, 1, 1, 0, 30)],
    ['2026-03-01T09:00Z', Date.UTC(2026, 2, 1, 9)],
    ['2026-03-01T09:00+02:00', Date.UTC(2026, 2, 1, 7)],
  ])('%s is what a person means', (text, instant) => {
    expect(at(text)).toBe(instant);
  });

  it.each(['', 'yesterday', '2', '2w', '-2h', '2026-02-30', '2026-13-01', '25:00', '9999999d'])(
    '%j is none',
    (text) => {
      expect(at(text)).toBeUndefined();
    },
  );
});
