import { expect } from 'vitest';
import type { Refusal } from '#shared/grading/statistics/refusal.ts';

/** A refusal of this kind, with a sentence in both languages. */
export const refused = (code: Refusal['code']) => ({
  ok: false,
  reason: { code, en: expect.stringMatching(/\.$/) as string, zh: expect.stringMatching(/。$/) as string },
});
