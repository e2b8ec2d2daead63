import { afterEach, beforeEach, expect, vi } from 'vitest';

// A promise must be visible in what the code returns or writes; a stray console call is neither.
beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method);
});

afterEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    expect(vi.mocked(console[method]).mock.calls, `console.${method} was called by the code under test`).toEqual([]);
    vi.mocked(console[method]).mockRestore();
  }
});
