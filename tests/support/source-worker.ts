import type { ProgramEntry } from '../../src/core/program-entry.js'

/** The source of what worker processes run: a test needs no build. */
export const SOURCE_WORKER: ProgramEntry = {
  url: new URL('../../src/cluster/worker-process.ts', import.meta.url),
  execArgv: ['--import', new URL('./typescript-loader.mjs', import.meta.url).href],
}
