import { defineConfig } from 'vitest/config'

const full = process.env.TENANTGATE_TEST_FULL === '1'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: 'tests/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // generous: a limit is here to end a hang, not to measure
    testTimeout: full ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
  },
})
