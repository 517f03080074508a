import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['spec/**/*.spec.ts'],
    globalSetup: ['spec/support/package/packing.ts'],
    setupFiles: ['spec/support/leaks.ts', 'spec/support/patience.ts'],
    pool: 'forks',
    // Most specs wait for servers. On two cores vitest would run one file at a time.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['lib/**/*.ts'],
      // The specs of the command run it as it is built, in processes of its own, which are not measured.
      exclude: ['lib/cli/**'],
      // The two summaries are the end of the output; each file's coverage is in coverage/index.html.
      reporter: ['html', 'text-summary'],
      thresholds: { lines: 95, branches: 90 },
    },
  },
});
