import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Java-backed engines and the long crash run have scripts of their own
    exclude: ['test/engines/**', 'test/proof/**', 'node_modules/**'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
    sequence: { shuffle: true },
  },
});
