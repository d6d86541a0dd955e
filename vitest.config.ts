import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const full = process.env.TENANTGATE_TEST_FULL === '1'

/** What needs servers and processes takes long and comes first: at the end no worker is left with a long one. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isUnit = (file: TestSpecification) => file.project.name === 'unit'
    return [...sorted.filter((file) => !isUnit(file)), ...sorted.filter(isUnit)]
  }
}

export default defineConfig({
  test: {
    globalSetup: 'tests/support/global-setup.ts',
    pool: 'forks',
    maxWorkers: 2,
    // generous: a limit is here to end a hang, not to measure
    testTimeout: full ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 30_000,
    sequence: { sequencer: LongFirst },
    projects: [
      // most of what these files take is to load what they test: they share it
      { extends: true, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'whole', include: ['tests/**/*.test.ts'], exclude: ['tests/unit/**'] } },
    ],
  },
})
