import type { ProgramEntry } from '../../src/core/program-entry.js'

/** The source of what compile threads run: a test needs no build. */
export const SOURCE_THREAD: ProgramEntry = {
  url: new URL('../../src/compiling/compile-thread.ts', import.meta.url),
  execArgv: ['--import', new URL('./typescript-loader.mjs', import.meta.url).href],
}
